using System.Collections.Concurrent;
using System.Data.Common;
using System.Threading.Channels;
using ArtMqtt.Contracts.Positions;
using ArtMqtt.Contracts.Security;
using ArtMqtt.Live.Fleet;
using ArtMqtt.Store.Routes;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace ArtMqtt.WebGateway.Live.Fleet;

/// <summary>
/// Shows the fleet to those who look at it: one frame for each of them in a tick. Where vehicles are comes from this node's
/// broker at once, and from the database for those that report to other nodes; it is asked only while somebody looks.
/// </summary>
internal sealed partial class FleetView(
    FleetPlaces places, VehicleDirectory directory, LatestReader latest, IOptions<FleetViewOptions> options, TimeProvider time,
    ILogger<FleetView> logger) : BackgroundService
{
    // Rows are committed a little after the moment they carry, and the clocks of nodes differ.
    private static readonly TimeSpan _overlap = TimeSpan.FromSeconds(30);

    private readonly FleetViewOptions _options = options.Value;
    private readonly ConcurrentDictionary<string, FleetViewer> _viewers = new(StringComparer.Ordinal);
    private readonly Channel<bool> _entered = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });

    private DateTimeOffset _readThrough = DateTimeOffset.MinValue;
    private DateTimeOffset _readAt = DateTimeOffset.MinValue;
    private Task<bool>? _entering;
    private bool _isFailing;

    /// <summary>A connection looks at a part of the world, or another one than before.</summary>
    /// <returns>False when too many look already.</returns>
    public bool TryLook(HubConnectionContext client, TenantScope scope, BoundingBox view)
    {
        if (!_viewers.ContainsKey(client.ConnectionId) && _viewers.Count >= _options.MaxViewers)
        {
            return false;
        }

        _viewers.GetOrAdd(client.ConnectionId, _ => new FleetViewer(client, scope, _options)).Look(view);
        _entered.Writer.TryWrite(true);

        return true;
    }

    /// <summary>A connection looks no longer.</summary>
    public void Leave(string connectionId) => _viewers.TryRemove(connectionId, out _);

    /// <summary>What belongs to keys; those that are not known, or not the caller's, are left out.</summary>
    public IEnumerable<VehicleInfo> Describe(TenantScope scope, IEnumerable<int> keys)
    {
        var vehicles = directory.Current();
        return keys.Distinct()
            .Select(key => vehicles.GetValueOrDefault(key))
            .Where(entry => entry is not null && scope.Covers(entry.Tenant))
            .Select(entry => new VehicleInfo(entry!.Key, entry.DeviceId, entry.RequestId, entry.Status));
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (true)
            {
                if (_viewers.IsEmpty)
                {
                    await _entered.Reader.ReadAsync(stoppingToken);
                    continue;
                }

                await RefreshAsync(stoppingToken);
                foreach (var (connectionId, viewer) in _viewers)
                {
                    _ = SendAsync(connectionId, viewer, stoppingToken);
                }

                // Who begins to look does not wait for the next tick.
                _entering ??= _entered.Reader.WaitToReadAsync(stoppingToken).AsTask();
                await ((Task)_entering).WaitAsync(_options.FrameInterval, time, stoppingToken)
                    .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                stoppingToken.ThrowIfCancellationRequested();
                if (_entering.IsCompleted)
                {
                    _entered.Reader.TryRead(out _);
                    _entering = null;
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The node stops.
        }
    }

#pragma warning disable CA1031 // A connection that breaks is the end of its view only.
    private async Task SendAsync(string connectionId, FleetViewer viewer, CancellationToken stoppingToken)
    {
        try
        {
            await viewer.SendAsync(places, directory, time, stoppingToken);
        }
        catch (Exception e)
        {
            Leave(connectionId);
            if (!stoppingToken.IsCancellationRequested)
            {
                LogNotSent(e);
            }
        }
    }
#pragma warning restore CA1031

    private async Task RefreshAsync(CancellationToken stoppingToken)
    {
        var now = time.GetUtcNow();
        if (now - _readAt < _options.RefreshInterval && now >= _readAt)
        {
            return;
        }

        _readAt = now;
        try
        {
            var from = _readThrough == DateTimeOffset.MinValue ? _readThrough : _readThrough - _overlap;
            await foreach (var row in latest.ReadSinceAsync(from, stoppingToken))
            {
                // Customers' phones have keys of the same numbers.
                if (row.Role != PositionRole.Customer)
                {
                    places.Offer(row.DeviceKey, row.Position);
                }

                _readThrough = row.ReceivedAt > _readThrough ? row.ReceivedAt : _readThrough;
            }

            _isFailing = false;
        }
        catch (Exception e) when (e is DbException or TimeoutException or IOException && !stoppingToken.IsCancellationRequested)
        {
            // What reports to this node is shown all the same.
            if (!_isFailing)
            {
                LogNotRead(e.Message);
            }

            _isFailing = true;
        }
    }

    [LoggerMessage(LogLevel.Warning, "The database does not say where the vehicles of other nodes are ({Reason}); will ask again")]
    private partial void LogNotRead(string reason);

    [LoggerMessage(LogLevel.Debug, "A viewer of the fleet is gone")]
    private partial void LogNotSent(Exception exception);
}
