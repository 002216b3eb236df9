using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.Extensions.Logging;
using MQTTnet.Adapter;
using MQTTnet.AspNetCore;
using MQTTnet.Diagnostics.Logger;
using MQTTnet.Formatter;
using MQTTnet.Server;

namespace ArtMqtt.Broker.Mqtt;

/// <summary>Takes connections from Kestrel, TCP or WebSocket, and gives them guarded to the MQTT server.</summary>
internal sealed partial class MqttConnections(MqttConnectionParts parts, ILogger<MqttConnections> logger)
    : ConnectionHandler, IMqttServerAdapter
{
    private const int WriteBufferBytes = 256;

    private readonly ConnectionSlots _slots = new(parts.Options.MaxConnections);
    private readonly CancellationTokenSource _closing = new();
    private readonly LogLimiter _limiter = new(TimeSpan.FromSeconds(10), parts.Time);

    /// <inheritdoc/>
    public Func<IMqttChannelAdapter, Task>? ClientHandler { get; set; }

    /// <summary>Refuses new connections from now on, and ends those that nobody has authenticated on yet.</summary>
    public void Close()
    {
        _slots.Close();
        _closing.Cancel();
    }

    /// <inheritdoc/>
    public override async Task OnConnectedAsync(ConnectionContext connection)
    {
        if (ClientHandler is not { } handler || !_slots.TryTake())
        {
            parts.Metrics.ConnectRefused("limit");
            if (_limiter.MayLog(out var hidden))
            {
                LogFull(parts.Options.MaxConnections, hidden);
            }

            return;
        }

        parts.Metrics.ConnectionOpened();
        try
        {
            await RunAsync(connection, handler);
        }
        finally
        {
            _slots.Release();
            parts.Metrics.ConnectionEnded();
        }
    }

    /// <inheritdoc/>
    public Task StartAsync(MqttServerOptions options, IMqttNetLogger logger) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StopAsync() => Task.CompletedTask;

    /// <inheritdoc/>
    public void Dispose() => _closing.Dispose();

    private async Task RunAsync(ConnectionContext connection, Func<IMqttChannelAdapter, Task> handler)
    {
        if (connection.Features.Get<ITransferFormatFeature>() is { } format)
        {
            format.ActiveFormat = TransferFormat.Binary;
        }

        var options = parts.Options;
        var guard = new MqttConnectionGuard(
            connection.Transport.Input, options.MaxPacketBytesBeforeConnect, options.MaxPacketBytes);
        connection.Transport = new GuardedTransport(guard, connection.Transport.Output);
        var formatter = new MqttPacketFormatterAdapter(new MqttBufferWriter(WriteBufferBytes, options.MaxPacketBytes));
        using var context = new MqttConnectionContext(formatter, connection);
        using var channel = new MqttChannel(context, connection, guard, parts);
        using var timeout = parts.Time.CreateTimer(
            _ => EndWithoutConnect(channel, guard, "timeout"), null, options.ConnectTimeout, Timeout.InfiniteTimeSpan);
        await using var closing = _closing.Token.Register(() => EndWithoutConnect(channel, guard, "stopping"));
        try
        {
            await handler(channel);
        }
        finally
        {
            await channel.EndAsync();
        }
    }

    private void EndWithoutConnect(MqttChannel channel, MqttConnectionGuard guard, string reason)
    {
        if (channel.Identity is null)
        {
            parts.Metrics.ConnectRefused(reason);
            guard.End();
        }
    }

    [LoggerMessage(LogLevel.Warning, "Refused a connection: {Limit} are open, or the broker is stopping ({Hidden} others)")]
    private partial void LogFull(int limit, long hidden);

    private sealed record GuardedTransport(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}
