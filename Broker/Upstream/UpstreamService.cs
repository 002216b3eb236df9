using ArtMqtt.Broker.Intake;
using ArtMqtt.Contracts.Fleet;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ArtMqtt.Broker.Upstream;

/// <summary>Keeps the connections to the upstream broker, if there is one.</summary>
internal sealed class UpstreamService : BackgroundService
{
    private static readonly TimeSpan _look = TimeSpan.FromMilliseconds(250);

    private readonly IFleetDirectory _directory;
    private readonly TimeProvider _time;

    /// <summary>Reads the settings.</summary>
    public UpstreamService(
        IOptions<UpstreamOptions> options, IOptions<BrokerOptions> broker, UpstreamIntake intake, LivePublisher live,
        UpstreamMetrics metrics, IFleetDirectory directory, TimeProvider time, ILogger<UpstreamService> logger)
    {
        (_directory, _time) = (directory, time);
        Connections = options.Value.IsOn
            ? [.. Enumerable.Range(1, options.Value.Connections).Select(number => new UpstreamConnection(
                number, options.Value, broker.Value, intake, live, metrics, time, logger))]
            : [];
    }

    /// <summary>The connections; none without an upstream broker.</summary>
    public IReadOnlyList<UpstreamConnection> Connections { get; }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // Before that, every device is unknown.
        while (Connections.Count > 0 && !_directory.IsLoaded && !stoppingToken.IsCancellationRequested)
        {
            await Task.Delay(_look, _time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        var running = Connections.Select(connection => connection.RunAsync(stoppingToken)).ToList();
        if (running.Count > 0)
        {
            // The first to end has failed, or all of them do.
            await await Task.WhenAny(running);
            await Task.WhenAll(running);
        }
    }
}
