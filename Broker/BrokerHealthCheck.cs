using ArtMqtt.Broker.Auth;
using ArtMqtt.Broker.Mqtt;
using ArtMqtt.Broker.Mqtt.Storage;
using ArtMqtt.Contracts.Fleet;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace ArtMqtt.Broker;

/// <summary>Ready when devices can connect: the server runs and the directory of devices is loaded.</summary>
internal sealed class BrokerHealthCheck(MqttBroker host, IFleetDirectory directory, SessionStore store, IOptions<ConformanceOptions> conformance)
    : IHealthCheck
{
    /// <inheritdoc/>
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken)
    {
        var result = (host.IsRunning, directory.IsLoaded) switch
        {
            (false, _) => HealthCheckResult.Unhealthy("The MQTT server does not run."),
            (_, false) when !conformance.Value.Enabled => HealthCheckResult.Unhealthy("The devices are not loaded yet; nobody can connect."),
            _ when store.IsFailing => HealthCheckResult.Degraded(
                "Sessions and retained messages cannot be stored (Broker:State:File); they are in memory only."),
            _ => HealthCheckResult.Healthy(),
        };
        return Task.FromResult(result);
    }
}
