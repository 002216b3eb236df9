using ArtMqtt.TestKit;

namespace ArtMqtt.Broker.Tests.Support;

/// <summary>Waits for conditions; a test that hangs ends after a while.</summary>
internal static class Soon
{
    private static readonly TimeSpan _hangs = TimeSpan.FromMinutes(1);

    public static async Task TrueAsync(Func<bool> condition)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(_hangs);
        await Eventually.TrueAsync(condition, limit.Token);
    }
}
