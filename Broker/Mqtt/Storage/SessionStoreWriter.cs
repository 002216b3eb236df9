using Microsoft.Extensions.Hosting;

namespace ArtMqtt.Broker.Mqtt.Storage;

/// <summary>Writes what <see cref="SessionStore"/> is told, until the host stops; then what is left.</summary>
internal sealed class SessionStoreWriter(SessionStore store) : BackgroundService
{
    /// <inheritdoc/>
    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.Run(() => store.RunAsync(stoppingToken), CancellationToken.None);
}
