using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Threading.Channels;
using ArtMqtt.Broker.Tests.Support;

namespace ArtMqtt.Broker.Tests.Upstream;

/// <summary>As much of a broker as it takes to pass messages on to one client, and no MQTT but 3.1.1.</summary>
internal sealed class OldBroker : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Channel<ushort> _acknowledged = Channel.CreateUnbounded<ushort>();
    private readonly TaskCompletionSource<NetworkStream> _subscribed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _serving;

    public OldBroker()
    {
        _listener.Start();
        _serving = ServeAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Protocol levels of the clients that came.</summary>
    public List<byte> Levels { get; } = [];

    /// <summary>What the client subscribed to.</summary>
    public List<string> Filters { get; } = [];

    /// <summary>Passes a message on, with QoS 1, once the client has subscribed.</summary>
    public async Task PublishAsync(string topic, string payload, ushort packetId)
    {
        var stream = await _subscribed.Task.WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);
        await stream.WriteAsync(RawMqtt.Publish(topic, payload, 1, packetId), TestContext.Current.CancellationToken);
    }

    /// <summary>The next acknowledgement.</summary>
    public async Task<ushort> AcknowledgedAsync() => await _acknowledged.Reader.ReadAsync(TestContext.Current.CancellationToken)
        .AsTask().WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);

    public void Dispose()
    {
        _listener.Stop();
        _listener.Dispose();
        _serving.ContinueWith(static _ => { }, TaskScheduler.Default).Wait();
    }

    private async Task ServeAsync()
    {
        while (true)
        {
            using var client = await _listener.AcceptTcpClientAsync();
            try
            {
                await ServeAsync(client.GetStream());
            }
            catch (Exception e) when (e is IOException or EndOfStreamException)
            {
                // The client is gone.
            }
        }
    }

    private async Task ServeAsync(NetworkStream stream)
    {
        var header = new byte[2];
        while (true)
        {
            await stream.ReadExactlyAsync(header);
            // Nothing of this test is longer than 127 bytes but the filters.
            var length = header[1] & 0x7F;
            if (header[1] > 0x7F)
            {
                await stream.ReadExactlyAsync(header.AsMemory(1, 1));
                length |= header[1] << 7;
            }

            var body = new byte[length];
            await stream.ReadExactlyAsync(body);
            switch (header[0] >> 4)
            {
                case 1:
                    Levels.Add(body[6]);
                    await stream.WriteAsync(new byte[] { 0x20, 2, 0, (byte)(body[6] == 4 ? 0 : 1) });
                    if (body[6] != 4)
                    {
                        return;
                    }

                    break;
                case 8:
                    await stream.WriteAsync(Grant(body));
                    _subscribed.TrySetResult(stream);
                    break;
                case 4:
                    _acknowledged.Writer.TryWrite((ushort)((body[0] << 8) | body[1]));
                    break;
            }
        }
    }

    private byte[] Grant(byte[] body)
    {
        for (var at = 2; at < body.Length;)
        {
            var length = (body[at] << 8) | body[at + 1];
            Filters.Add(Encoding.UTF8.GetString(body, at + 2, length));
            at += 2 + length + 1;
        }

        return RawMqtt.Packet(0x90, [body[0], body[1], .. Enumerable.Repeat((byte)1, Filters.Count)]);
    }
}
