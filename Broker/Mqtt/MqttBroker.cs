using ArtMqtt.Broker.Mqtt.Connections;
using ArtMqtt.Broker.Mqtt.Storage;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ArtMqtt.Broker.Mqtt;

/// <summary>
/// Starts and stops the MQTT broker. It starts before Kestrel accepts connections: what was kept is there before
/// anybody asks for it; when it cannot start, the host does not.
/// </summary>
internal sealed partial class MqttBroker(
    BrokerParts parts, MqttConnections connections, SessionStore store, ILogger<MqttBroker> logger)
    : IHostedLifecycleService
{
    /// <summary>Whether clients are served.</summary>
    public bool IsRunning { get; private set; }

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        store.Load(parts.Sessions);
        IsRunning = true;
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        IsRunning = false;
        connections.Close();
        using var limit = new CancellationTokenSource(parts.Options.DrainTimeout, parts.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        var clients = parts.Clients.All.ToList();
        LogStopping(clients.Count);
        await Task.WhenAll(clients.Select(c => c.DrainAsync(either.Token)));
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    [LoggerMessage(LogLevel.Information, "Stopping: {Count} clients are disconnected")]
    private partial void LogStopping(int count);
}
