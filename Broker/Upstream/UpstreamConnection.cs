using ArtMqtt.Broker.Intake;
using Microsoft.Extensions.Logging;
using MQTTnet;
using MQTTnet.Formatter;

namespace ArtMqtt.Broker.Upstream;

/// <summary>One of the connections to the upstream broker: made again whenever it ends, over the first server that answers.</summary>
internal sealed partial class UpstreamConnection(
    int number, UpstreamOptions options, BrokerOptions broker, UpstreamIntake intake, LivePublisher live, UpstreamMetrics metrics,
    TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan _firstRetry = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan _logPeriod = TimeSpan.FromMinutes(1);

    private readonly IReadOnlyList<UpstreamServer> _servers =
        [.. options.Servers.Select(text => UpstreamServer.TryParse(text, out var server) ? server : throw new ArgumentException(text, nameof(options)))];

    private readonly string _clientId = $"{options.ClientId}-{number}";
    private readonly LogLimiter _failures = new(_logPeriod, time);
    private readonly LogLimiter _held = new(_logPeriod, time);

    /// <summary>What keeps it from serving, or from all of it; null while all is well.</summary>
    public string? Trouble { get; private set; } = "It was not connected yet.";

    /// <summary>Serves until it is told to stop; then what was begun is acknowledged.</summary>
    public async Task RunAsync(CancellationToken stoppingToken)
    {
        for (var failures = 0; !stoppingToken.IsCancellationRequested;)
        {
            var started = time.GetTimestamp();
            // One that is lost at once, again and again, is no better than none: two of the same client id do that.
            failures = await ServeAsync(stoppingToken) && time.GetElapsedTime(started) > options.MaxRetryDelay ? 0 : failures + 1;
            await Task.Delay(Delay(failures, Random.Shared.NextDouble()), time, stoppingToken)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>The wait after so many failures: doubling, bounded, between half and all of it.</summary>
    /// <param name="failures">In a row.</param>
    /// <param name="random">0 to 1: spreads the nodes that lost the same server.</param>
    internal TimeSpan Delay(int failures, double random)
    {
        var doubled = _firstRetry * Math.Pow(2, Math.Clamp(failures - 1, 0, 16));
        return (doubled < options.MaxRetryDelay ? doubled : options.MaxRetryDelay) * (0.5 + (random / 2));
    }

    // Whether a server was found: then the connection to it has ended.
    private async Task<bool> ServeAsync(CancellationToken stoppingToken)
    {
        foreach (var server in _servers)
        {
            if (!stoppingToken.IsCancellationRequested && await ServeAsync(server, stoppingToken))
            {
                return true;
            }
        }

        return false;
    }

    private async Task<bool> ServeAsync(UpstreamServer server, CancellationToken stoppingToken)
    {
        var isServing = false;
        try
        {
            foreach (var version in (MqttProtocolVersion[])[MqttProtocolVersion.V500, MqttProtocolVersion.V311])
            {
                var pipeline = new UpstreamPipeline(intake, live, metrics, options.MaxInFlight, time, _held, logger);
                using var link = new UpstreamLink(server, version, options, pipeline.Begin);
                if (await ConnectAsync(link, server, version, stoppingToken))
                {
                    isServing = true;
                    metrics.Connected();
                    await ServeAsync(link, pipeline, stoppingToken);
                    throw new UpstreamException(link.Reason);
                }
            }

            throw new UpstreamException("It speaks neither MQTT 5 nor 3.1.1.");
        }
        catch (Exception e) when (UpstreamLink.IsFailure(e))
        {
            Note(server, e.GetBaseException().Message, isServing, stoppingToken.IsCancellationRequested);
            return isServing;
        }
    }

    private void Note(UpstreamServer server, string reason, bool wasServing, bool isStopping)
    {
        if (wasServing)
        {
            metrics.Ended(isLost: !isStopping);
        }
        else if (!isStopping)
        {
            metrics.ConnectFailed();
        }

        Trouble = $"{server}: {reason}";
        if (!isStopping && _failures.MayLog(out var hidden))
        {
            LogEnded(number, server, reason, hidden);
        }
    }

    private async Task<bool> ConnectAsync(
        UpstreamLink link, UpstreamServer server, MqttProtocolVersion version, CancellationToken stoppingToken)
    {
        using var window = new CancellationTokenSource(options.ConnectTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken, window.Token);
        try
        {
            if (!await link.ConnectAsync(_clientId, either.Token))
            {
                return false;
            }

            Trouble = await SubscribeAsync(link, either.Token);
            LogConnected(number, server, version == MqttProtocolVersion.V500 ? "5" : "3.1.1", link.IsSessionKept ? "kept" : "new", Trouble);
            return true;
        }
        catch (Exception e) when (UpstreamLink.IsFailure(e) && window.IsCancellationRequested)
        {
            throw new TimeoutException($"It did not answer within {options.ConnectTimeout}.");
        }
    }

    // Null, or what is not as it should be.
    private async Task<string?> SubscribeAsync(UpstreamLink link, CancellationToken cancellationToken)
    {
        var wantsGroup = options.ShareGroup.Length > 0;
        if (wantsGroup && link.OffersSharing)
        {
            var refused = await link.SubscribeAsync(intake.Filters.Select(f => $"$share/{options.ShareGroup}/{f}"), cancellationToken);
            if (!refused.Any(r => r.Code == MqttClientSubscribeResultCode.SharedSubscriptionsNotSupported))
            {
                return Judge(refused);
            }
        }

        if (wantsGroup && number > 1)
        {
            throw new UpstreamException("It has no shared subscriptions, so only the first connection is of use; set Broker:Upstream:Connections to 1.");
        }

        var trouble = Judge(await link.SubscribeAsync(intake.Filters, cancellationToken));
        return trouble ?? (wantsGroup ? "The broker has no shared subscriptions: each node gets every message." : null);
    }

    private string? Judge(IReadOnlyList<(string Filter, MqttClientSubscribeResultCode Code)> refused)
    {
        var list = string.Join(", ", refused.Select(r => $"{r.Filter} ({r.Code})"));
        return refused.Count == 0 ? null
            : refused.Count < intake.Filters.Count ? $"It refused {list}."
            : throw new UpstreamException($"It refused {list}.");
    }

    private async Task ServeAsync(UpstreamLink link, UpstreamPipeline pipeline, CancellationToken stoppingToken)
    {
        var running = pipeline.RunAsync(link.Lost);
        using (var either = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken, link.Lost))
        {
            // It ends by itself only when an acknowledgement could not be sent.
            await Task.WhenAny(running, Task.Delay(Timeout.InfiniteTimeSpan, time, either.Token));
        }

        pipeline.End();
        await running.WaitAsync(broker.DrainTimeout, time, CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await link.CloseAsync();
        await running;
    }

    [LoggerMessage(LogLevel.Information,
        "Upstream connection {Number} is connected to {Server} by MQTT {Version}, its session is {Session}. {Trouble}")]
    private partial void LogConnected(int number, UpstreamServer server, string version, string session, string? trouble);

    [LoggerMessage(LogLevel.Warning, "Upstream connection {Number} to {Server} failed: {Reason}; will try again ({Hidden} times more)")]
    private partial void LogEnded(int number, UpstreamServer server, string reason, long hidden);
}
