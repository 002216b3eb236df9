using System.Threading.Channels;
using ArtMqtt.Broker.Intake;
using ArtMqtt.Contracts.Devices;
using ArtMqtt.Contracts.Fleet;
using ArtMqtt.Contracts.Positions;
using Microsoft.Extensions.Hosting;

namespace ArtMqtt.Broker.Devices;

/// <summary>
/// Hands what happens to devices to ingest, through the spool as positions go. Nobody waits for it: when too much is on its
/// way, or the spool takes nothing, events are dropped and counted.
/// </summary>
internal sealed class DeviceJournal(
    SpoolGate gate, IFleetDirectory directory, BrokerMetrics metrics, TimeProvider time) : BackgroundService
{
    private const int MaxWaiting = 20_000;
    private const int MaxAtOnce = 256;

    private readonly DeviceEventBudget _budget = new(time);
    private readonly Channel<DeviceEvent> _queue = Channel.CreateBounded<DeviceEvent>(
        new BoundedChannelOptions(MaxWaiting) { SingleReader = true });

    /// <summary>Takes an event; returns at once. One in the name of no device is forgotten later.</summary>
    public void Add(DeviceEvent happened)
    {
        if (!_queue.Writer.TryWrite(happened))
        {
            metrics.DeviceEventDropped();
        }
    }

    /// <summary>Hands on what was held; called about once a second.</summary>
    public void Look()
    {
        foreach (var held in _budget.TakeHeld())
        {
            Add(held);
        }
    }

    /// <inheritdoc/>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        // Connections have ended by now; how they ended is kept.
        _queue.Writer.TryComplete();
        if (ExecuteTask is { } running)
        {
            await running.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await base.StopAsync(cancellationToken);
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var appends = new List<Task<bool>>(MaxAtOnce);
        while (await _queue.Reader.WaitToReadAsync(CancellationToken.None))
        {
            // Together, so that they share the disk's time.
            while (appends.Count < MaxAtOnce && _queue.Reader.TryRead(out var happened))
            {
                if (Name(happened) is { } named)
                {
                    appends.Add(gate.TryAppendAsync(SpoolRecord.Encode(named), stoppingToken).AsTask());
                }
            }

            foreach (var isSafe in await Task.WhenAll(appends))
            {
                if (!isSafe)
                {
                    metrics.DeviceEventDropped();
                }
            }

            appends.Clear();
        }
    }

    // Not where the sign-in is refused: nobody may learn from the time it takes which devices exist.
    private DeviceEvent? Name(DeviceEvent happened)
    {
        if (directory.FindDevice(happened.DeviceId) is not { } device)
        {
            return null;
        }

        var isTaken = _budget.TryTake(happened, out var replaced);
        if (replaced)
        {
            metrics.DeviceEventDropped();
        }

        return !isTaken ? null
            : happened.Kind == DeviceEventKind.Refused && !device.IsEnabled ? happened with { Reason = "disabled" }
            : happened;
    }
}
