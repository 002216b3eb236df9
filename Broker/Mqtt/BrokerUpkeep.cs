using ArtMqtt.Broker.Devices;
using ArtMqtt.Broker.Mqtt.Connections;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace ArtMqtt.Broker.Mqtt;

/// <summary>
/// Does what is due, once a second for all clients together: silent and stalled clients, sessions that are over, last
/// wills, devices that did not come back after a start.
/// </summary>
internal sealed class BrokerUpkeep(BrokerParts parts, IOptions<DeviceControlOptions> devices) : BackgroundService
{
    private static readonly TimeSpan _tick = TimeSpan.FromSeconds(1);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var (started, isSettled) = (parts.Time.GetTimestamp(), false);
        using var timer = new PeriodicTimer(_tick, parts.Time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                foreach (var connection in parts.Clients.All)
                {
                    connection.Look();
                }

                await parts.Publishes.SendAsync(parts.Sessions.Sweep());
                if (!isSettled && parts.Time.GetElapsedTime(started) >= devices.Value.ReturnTime)
                {
                    isSettled = true;
                    parts.Devices.ForgetAbsent();
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The host stops.
        }
    }
}
