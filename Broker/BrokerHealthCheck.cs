using ArtMqtt.Broker.Mqtt;
using ArtMqtt.Contracts.Fleet;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace ArtMqtt.Broker;

/// <summary>Ready when devices can connect: the server runs and the directory of devices is loaded.</summary>
internal sealed class BrokerHealthCheck(MqttServerHost host, IFleetDirectory directory) : IHealthCheck
{
    /// <inheritdoc/>
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken)
    {
        var result = (host.IsRunning, directory.IsLoaded) switch
        {
            (false, _) => HealthCheckResult.Unhealthy("The MQTT server does not run."),
            (_, false) => HealthCheckResult.Unhealthy("The devices are not loaded yet; nobody can connect."),
            _ => HealthCheckResult.Healthy(),
        };
        return Task.FromResult(result);
    }
}
