using System.Collections.Concurrent;
using ArtMqtt.Contracts.Positions;
using ArtMqtt.DeviceAgent.Sources;
using ArtMqtt.TestKit;

namespace ArtMqtt.DeviceAgent.Tests.Sources;

/// <summary>Reads a live source until it is disposed.</summary>
internal sealed class FixCollector : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _reading;

    public FixCollector(IFixSource source) => _reading = Task.Run(() => ReadAsync(source));

    /// <summary>The fixes so far.</summary>
    public ConcurrentQueue<Position> Fixes { get; } = new();

    /// <summary>Does something again and again until a condition holds.</summary>
    public static Task UntilAsync(Func<bool> condition, Action act) => Eventually.TrueAsync(
        () =>
        {
            act();
            return condition();
        },
        TestContext.Current.CancellationToken);

    /// <summary>Waits for that many fixes.</summary>
    public Task CountAsync(int count) => Eventually.TrueAsync(
        () => Fixes.Count >= count || _reading.IsFaulted, TestContext.Current.CancellationToken);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _reading;
        _stop.Dispose();
    }

    private async Task ReadAsync(IFixSource source)
    {
        try
        {
            await foreach (var fix in source.ReadAsync(_stop.Token))
            {
                Fixes.Enqueue(fix);
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // Disposed.
        }
    }
}
