using ArtMqtt.TestKit;

namespace ArtMqtt.EndToEnd.Tests;

/// <summary>Waits for what other processes bring about; says what was missing when the patience is over.</summary>
internal static class Soon
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(90);

    /// <summary>Returns as soon as the condition holds.</summary>
    public static async Task TrueAsync(string what, Func<Task<bool>> condition)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(_patience);
        try
        {
            await Eventually.TrueAsync(condition, limit.Token);
        }
        catch (OperationCanceledException) when (!TestContext.Current.CancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"Waited {_patience.TotalSeconds:0} s in vain for: {what}.");
        }
    }

    /// <summary>Returns as soon as the condition holds.</summary>
    public static Task TrueAsync(string what, Func<bool> condition) =>
        TrueAsync(what, () => Task.FromResult(condition()));
}
