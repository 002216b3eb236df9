namespace ArtMqtt.TestKit;

/// <summary>Waits for conditions that another thread or process brings about.</summary>
public static class Eventually
{
    /// <summary>Returns as soon as the condition holds; asks again and again until the token ends it.</summary>
    public static async Task TrueAsync(Func<Task<bool>> condition, CancellationToken cancellationToken)
    {
        while (!await condition())
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, cancellationToken);
        }
    }

    /// <summary>Returns as soon as the condition holds.</summary>
    public static Task TrueAsync(Func<bool> condition, CancellationToken cancellationToken) =>
        TrueAsync(() => Task.FromResult(condition()), cancellationToken);
}
