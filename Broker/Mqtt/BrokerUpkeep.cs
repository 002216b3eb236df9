using ArtMqtt.Broker.Auth;
using ArtMqtt.Broker.Devices;
using ArtMqtt.Broker.Mqtt.Connections;
using ArtMqtt.Contracts.Devices;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace ArtMqtt.Broker.Mqtt;

/// <summary>
/// Does what is due, for all clients together: silent and stalled clients, clients that may not stay, sessions that are
/// over, last wills, devices that did not come back after a start.
/// </summary>
internal sealed class BrokerUpkeep(
    BrokerParts parts, ClientAuthenticator authenticator, IEnumerable<IDevicesElsewhere> elsewhere,
    IOptions<DeviceControlOptions> devices) : BackgroundService
{
    // What was taken back must be cut within a second, wherever it was taken back.
    private static readonly TimeSpan _tick = TimeSpan.FromMilliseconds(250);
    private const int TicksPerLook = 4;

    private Task _sending = Task.CompletedTask;
    private long _started;
    private long _version;
    private bool _isSettled;

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        _started = parts.Time.GetTimestamp();
        elsewhere.FirstOrDefault()?.Listen(parts.Devices, devices.Value.ReturnTime);
        using var timer = new PeriodicTimer(_tick, parts.Time);
        try
        {
            for (var tick = 1; await timer.WaitForNextTickAsync(stoppingToken); tick++)
            {
                var isNewVersion = authenticator.Version is var version && version != _version;
                _version = version;
                var isLook = tick % TicksPerLook == 0;
                Look(isNewVersion, isLook);
                if (isLook)
                {
                    parts.Devices.Look();
                    await SweepAsync();
                    ForgetAbsent();
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host stops.
        }
    }

    // Wills may wait for the spool; who has to be cut off does not wait for them.
    private async Task SweepAsync()
    {
        if (_sending.IsCompleted)
        {
            await _sending;
            _sending = parts.Publishes.SendAsync(parts.Sessions.Sweep());
        }
    }

    private void Look(bool isNewVersion, bool isLook)
    {
        foreach (var connection in parts.Clients.All)
        {
            if (isNewVersion || isLook || connection.IsOnNotice)
            {
                connection.CheckStanding(authenticator);
            }

            if (isNewVersion && connection.Identity is { } identity)
            {
                parts.Devices.Update(identity);
            }

            if (isLook)
            {
                connection.Look();
            }
        }
    }

    private void ForgetAbsent()
    {
        if (!_isSettled && parts.Devices.IsKnown && parts.Time.GetElapsedTime(_started) >= devices.Value.ReturnTime)
        {
            _isSettled = true;
            parts.Devices.ForgetAbsent();
        }
    }
}
