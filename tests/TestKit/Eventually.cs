using System.Runtime.CompilerServices;

namespace ArtMqtt.TestKit;

/// <summary>Waits for conditions that another thread or process brings about.</summary>
public static class Eventually
{
    // For what will never come: however slow the machine is, the other tests are to run too.
    private static readonly TimeSpan _longest = TimeSpan.FromMinutes(4);

    /// <summary>Returns as soon as the condition holds; asks again and again until the token ends it.</summary>
    /// <exception cref="TimeoutException">It did not hold within four minutes.</exception>
    public static async Task TrueAsync(
        Func<Task<bool>> condition, CancellationToken cancellationToken,
        [CallerArgumentExpression(nameof(condition))] string what = "")
    {
        var started = TimeProvider.System.GetTimestamp();
        while (!await condition())
        {
            if (TimeProvider.System.GetElapsedTime(started) > _longest)
            {
                throw new TimeoutException($"Still not true: {what}");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, cancellationToken);
        }
    }

    /// <summary>Returns as soon as the condition holds.</summary>
    /// <exception cref="TimeoutException">It did not hold within four minutes.</exception>
    public static Task TrueAsync(
        Func<bool> condition, CancellationToken cancellationToken,
        [CallerArgumentExpression(nameof(condition))] string what = "") =>
        TrueAsync(() => Task.FromResult(condition()), cancellationToken, what);
}
