using System.Net;
using System.Net.Sockets;
using ArtMqtt.Load.Sockets;

namespace ArtMqtt.Load.Mqtt;

/// <summary>
/// A server that accepts everyone and acknowledges every PUBLISH without looking at it, on its own thread: what the
/// generator reaches against it is the most it can ever measure.
/// </summary>
internal sealed class AckSink : IEpollHandler, IDisposable
{
    private const int PollMs = 20;

    private readonly EpollLoop _loop = new();
    private readonly Socket _listener;
    private readonly List<SinkConnection> _connections = [];
    private readonly MqttVersion _version;
    private readonly Thread _thread;
    private volatile bool _isStopping;

    /// <summary>Listens on a free loopback port and starts to serve.</summary>
    public AckSink(MqttVersion version)
    {
        _version = version;
        _listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen(512);
        _listener.Blocking = false;
        EndPoint = (IPEndPoint)_listener.LocalEndPoint!;
        _loop.Add(_listener, this);
        _thread = new Thread(Serve) { IsBackground = true, Name = "sink" };
        _thread.Start();
    }

    /// <summary>Where it listens.</summary>
    public IPEndPoint EndPoint { get; }

    /// <inheritdoc/>
    public void OnReadable()
    {
        var socket = _listener.Accept();
        socket.NoDelay = true;
        socket.Blocking = false;
        _connections.Add(new SinkConnection(_loop, socket, _version));
    }

    /// <inheritdoc/>
    public void OnWritable()
    {
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _isStopping = true;
        _thread.Join();
        _connections.ForEach(connection => connection.Dispose());
        _listener.Dispose();
        _loop.Dispose();
    }

    private void Serve()
    {
        while (!_isStopping)
        {
            _loop.Poll(PollMs);
        }
    }

    private sealed class SinkConnection(EpollLoop loop, Socket socket, MqttVersion version) : MqttConnection(loop, socket)
    {
        private int _answerLength;

        protected override void OnPacket(PacketType type, byte first, ReadOnlySpan<byte> body)
        {
            switch (type)
            {
                case PacketType.Publish:
                    var packetId = body.Slice(2 + ((body[0] << 8) | body[1]), 2);
                    _answerLength += MqttPackets.WritePubAck(Loop.Scratch.AsSpan(_answerLength), packetId);
                    break;
                case PacketType.Connect:
                    Send(MqttPackets.ConnAck(version));
                    break;
                default:
                    End("disconnected");
                    break;
            }
        }

        protected override void OnBatchRead()
        {
            Send(Loop.Scratch.AsSpan(0, _answerLength));
            _answerLength = 0;
        }
    }
}
