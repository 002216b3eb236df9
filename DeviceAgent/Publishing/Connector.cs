using System.Buffers;
using Microsoft.Extensions.Logging;

namespace ArtMqtt.DeviceAgent.Publishing;

/// <summary>Makes connections: over the best way that works, and over a better one when it works again.</summary>
internal sealed partial class Connector(
    PublisherOptions options, DataBudget? budget, PublisherCounts counts, TimeProvider time, ILogger logger,
    Action<ReadOnlySequence<byte>> controlled)
{
    // A year is more than a timer takes, and a clock that is set meanwhile changes what is left of a token.
    private static readonly TimeSpan _longestWait = TimeSpan.FromMinutes(10);

    private readonly ServerLadder _ladder = new(options.Servers.Count);
    private readonly HashSet<ServerEndpoint> _unreachable = [];

    /// <summary>What happened last to somebody who tried to connect, for <c>status</c>; null while all is well.</summary>
    public string? Trouble { get; private set; }

    /// <summary>Tries each way once; null when none works.</summary>
    public async Task<IServerConnection?> ConnectAsync(CancellationToken cancellationToken)
    {
        foreach (var rung in _ladder.Round())
        {
            if (await TryAsync(options.Servers[rung], isQuiet: false, cancellationToken) is { } connection)
            {
                _ladder.Found(rung);
                return connection;
            }
        }

        _ladder.Exhausted();
        return null;
    }

    /// <summary>A connection ended.</summary>
    /// <param name="connection">Which.</param>
    /// <param name="isFruitless">Whether something was sent, and nothing came through.</param>
    public void Ended(IServerConnection connection, bool isFruitless)
    {
        if (connection.Farewell is { } reason)
        {
            Trouble = $"{connection.Endpoint}: {reason}";
            LogEnded(connection.Endpoint, options.DeviceId, reason);
        }

        if (isFruitless)
        {
            _ladder.Failed();
        }
        else
        {
            _ladder.Succeeded();
        }
    }

    /// <summary>A connection has a successor: it was a good one.</summary>
    public void Succeeded() => _ladder.Succeeded();

    /// <summary>
    /// Waits until a connection should have a successor, and makes it: a better way works, or its token is over and
    /// there is a new one. The old one serves meanwhile.
    /// </summary>
    /// <param name="connection">What serves now.</param>
    /// <param name="noMore">Ends the waiting; what is begun comes to its end.</param>
    /// <param name="cancellationToken">Ends all.</param>
    public async Task<IServerConnection?> SucceedAsync(
        IServerConnection connection, CancellationToken noMore, CancellationToken cancellationToken)
    {
        var rung = RungOf(connection);
        try
        {
            while (NextLook(connection, rung) is { } wait)
            {
                await Task.Delay(wait, time, noMore);
                // With a new token everything from here upwards will do; otherwise only what is better.
                var last = HasNewToken(connection) ? rung : rung - 1;
                for (var better = 0; better <= last; better++)
                {
                    if (await TryAsync(options.Servers[better], isQuiet: true, cancellationToken) is { } successor)
                    {
                        _ladder.Found(better);
                        return successor;
                    }

                    noMore.ThrowIfCancellationRequested();
                }
            }
        }
        catch (OperationCanceledException) when (noMore.IsCancellationRequested || cancellationToken.IsCancellationRequested)
        {
            // The connection is gone: its successor is found as any other.
        }

        return null;
    }

    private int RungOf(IServerConnection connection)
    {
        var rung = 0;
        while (options.Servers[rung] != connection.Endpoint)
        {
            rung++;
        }

        return rung;
    }

    private TimeSpan? NextLook(IServerConnection connection, int rung)
    {
        TimeSpan? climb = rung > 0 ? options.ClimbInterval : null;
        var renew = connection.Expires - options.RenewBefore - time.GetUtcNow();
        renew = renew < options.RenewTry ? options.RenewTry : renew > _longestWait ? _longestWait : renew;
        return climb is null || renew < climb ? renew : climb;
    }

    private bool HasNewToken(IServerConnection connection)
    {
        try
        {
            return connection.Expires is { } expires && time.GetUtcNow() >= expires - options.RenewBefore
                && options.Credentials.ExpiryOf(options.Credentials.ReadPassword()) > expires;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It is being replaced.
            return false;
        }
    }

    private async Task<IServerConnection?> TryAsync(ServerEndpoint endpoint, bool isQuiet, CancellationToken cancellationToken)
    {
        IServerConnection? connection = null;
        var isConnected = false;
        try
        {
            if (budget is not null)
            {
                await budget.SpendAsync(DataBudget.ConnectBytes(endpoint), cancellationToken);
            }

            connection = Create(endpoint);
            if (await ConnectAsync(connection, cancellationToken) is not { } refusal)
            {
                _unreachable.Remove(endpoint);
                Trouble = null;
                counts.AddConnect();
                LogConnected(options.DeviceId, endpoint, connection.Window);
                isConnected = true;
                return connection;
            }

            Trouble = $"{endpoint}: {refusal}";
            LogRefused(endpoint, options.DeviceId, refusal);
        }
        catch (Exception e) when (IServerConnection.IsFailure(e))
        {
            cancellationToken.ThrowIfCancellationRequested();
            Trouble = isQuiet ? Trouble : $"{endpoint}: {e.GetBaseException().Message}";
            if (_unreachable.Add(endpoint))
            {
                // Once, not at every try: a fleet without network would fill the log.
                LogUnreachable(options.DeviceId, endpoint, e.GetBaseException().Message);
            }
        }

        finally
        {
            if (!isConnected)
            {
                connection?.Dispose();
            }
        }

        return null;
    }

    // A simulated fleet that comes all at once would only wait for each other, until each had waited too long.
    private async Task<string?> ConnectAsync(IServerConnection connection, CancellationToken cancellationToken)
    {
        await (options.Connecting?.WaitAsync(cancellationToken) ?? Task.CompletedTask);
        try
        {
            return await connection.ConnectAsync(cancellationToken);
        }
        finally
        {
            options.Connecting?.Release();
        }
    }

    private IServerConnection Create(ServerEndpoint endpoint) => endpoint.IsHttp
        ? new HttpConnection(endpoint, options, time, controlled)
        : new MqttConnection(endpoint, options, time, controlled);

    [LoggerMessage(LogLevel.Information, "{DeviceId} is connected to {Server}, {Window} publishes in flight")]
    private partial void LogConnected(string deviceId, ServerEndpoint server, int window);

    [LoggerMessage(LogLevel.Warning, "{Server} ended the connection of {DeviceId} ({Reason}); will try again")]
    private partial void LogEnded(ServerEndpoint server, string deviceId, string reason);

    [LoggerMessage(LogLevel.Error, "{Server} refused {DeviceId} ({Reason}); will try again")]
    private partial void LogRefused(ServerEndpoint server, string deviceId, string reason);

    [LoggerMessage(LogLevel.Warning, "{DeviceId} cannot reach {Server} ({Reason}); will try again")]
    private partial void LogUnreachable(string deviceId, ServerEndpoint server, string reason);
}
