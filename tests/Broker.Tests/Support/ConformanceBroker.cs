using System.Net;
using ArtMqtt.Broker.Tests.Support;
using ArtMqtt.Broker.Tests.Support.Wire;

[assembly: AssemblyFixture(typeof(ConformanceBroker))]

namespace ArtMqtt.Broker.Tests.Support;

/// <summary>
/// The broker the conformance tests talk to: ours in its conformance profile, started with the first test that needs it,
/// or any other at <c>ARTMQTT_CONFORMANCE_TARGET</c> (<c>127.0.0.1:1883</c>).
/// </summary>
public sealed class ConformanceBroker : IAsyncDisposable
{
    private readonly SemaphoreSlim _starting = new(1);
    private IPEndPoint? _address = Environment.GetEnvironmentVariable("ARTMQTT_CONFORMANCE_TARGET") is { Length: > 0 } target
        ? IPEndPoint.Parse(target)
        : null;
    private BrokerNode? _node;

    /// <summary>Opens a connection without CONNECT.</summary>
    internal async Task<WireClient> OpenAsync(Level level) => await WireClient.OpenAsync(await AddressAsync(), level);

    /// <summary>Connects a client; the broker has to accept it.</summary>
    internal async Task<WireClient> ConnectAsync(Level level, ConnectFields? fields = null)
    {
        var client = await OpenAsync(level);
        var answer = await client.ConnectAsync(fields);
        Assert.Equal(Reason.Success, answer.Code);
        return client;
    }

    /// <summary>Connects a client and subscribes it to one filter.</summary>
    internal async Task<WireClient> SubscribeAsync(Level level, string filter, byte options = 0)
    {
        var client = await ConnectAsync(level);
        var answer = await client.SubscribeAsync(filter, options);
        Assert.Equal([(byte)(options & 3)], answer.Codes);
        return client;
    }

    /// <summary>Its WebSocket; null when it is a broker of which we do not know one.</summary>
    internal async Task<Uri?> WebSocketAsync()
    {
        await AddressAsync();
        return _node is null ? null : new Uri($"ws://127.0.0.1:{_node.HttpPort}/mqtt");
    }

    /// <summary>Where it listens.</summary>
    internal async Task<IPEndPoint> AddressAsync()
    {
        await _starting.WaitAsync(TestContext.Current.CancellationToken);
        try
        {
            if (_address is null)
            {
                _node = await BrokerNode.StartAsync([("Conformance:Enabled", "true")]);
                _address = new IPEndPoint(IPAddress.Loopback, _node.Port);
            }

            return _address;
        }
        finally
        {
            _starting.Release();
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_node is not null)
        {
            await _node.DisposeAsync();
        }

        _starting.Dispose();
    }
}
