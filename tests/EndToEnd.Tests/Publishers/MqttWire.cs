using System.Buffers.Binary;
using System.Text;
using ArtMqtt.EndToEnd.Tests.Servers;

namespace ArtMqtt.EndToEnd.Tests.Publishers;

/// <summary>The few bytes of MQTT 3.1.1 that a publisher needs, so that no library decides what counts as delivered.</summary>
internal sealed class MqttWire(Stream stream)
{
    private const byte Connect = 0x10;
    private const byte PublishQos1 = 0x32;
    private const byte PublishAcknowledged = 0x40;
    private const byte UserPasswordCleanSession = 0xC2;
    private const int AcknowledgementBytes = 4;
    private readonly List<byte> _output = [];
    private readonly byte[] _input = new byte[4096];
    private int _left;

    /// <summary>Connects; an <see cref="IOException"/> when the server does not let us in yet.</summary>
    public async Task ConnectAsync(Credential credential, CancellationToken cancellationToken)
    {
        var body = new List<byte>();
        body.AddRange([0, 4, (byte)'M', (byte)'Q', (byte)'T', (byte)'T', 4, UserPasswordCleanSession, 0, 60]);
        WriteText(body, credential.DeviceId);
        WriteText(body, credential.DeviceId);
        WriteText(body, credential.Secret);
        Add(Connect, body);
        await FlushAsync(cancellationToken);
        await stream.ReadExactlyAsync(_input.AsMemory(0, AcknowledgementBytes), cancellationToken);
        if (_input[3] != 0)
        {
            throw new IOException($"CONNACK {_input[3]}");
        }
    }

    /// <summary>Puts a QoS 1 publish into the output.</summary>
    public void AddPublish(string topic, ushort packetId, byte[] payload)
    {
        var body = new List<byte>();
        WriteText(body, topic);
        WriteNumber(body, packetId);
        body.AddRange(payload);
        Add(PublishQos1, body);
    }

    /// <summary>Sends the output.</summary>
    public async Task FlushAsync(CancellationToken cancellationToken)
    {
        await stream.WriteAsync(_output.ToArray(), cancellationToken);
        _output.Clear();
    }

    /// <summary>Waits for at least one PUBACK and returns the packet ids of all that came.</summary>
    public async Task<IReadOnlyList<ushort>> ReadAcknowledgementsAsync(CancellationToken cancellationToken)
    {
        _left += await stream.ReadAtLeastAsync(
            _input.AsMemory(_left), AcknowledgementBytes - _left, throwOnEndOfStream: true, cancellationToken);
        var whole = _left / AcknowledgementBytes * AcknowledgementBytes;
        var packetIds = new List<ushort>();
        for (var at = 0; at < whole; at += AcknowledgementBytes)
        {
            Assert.Equal((PublishAcknowledged, 2), (_input[at], _input[at + 1]));
            packetIds.Add(BinaryPrimitives.ReadUInt16BigEndian(_input.AsSpan(at + 2)));
        }

        _input.AsSpan(whole, _left - whole).CopyTo(_input);
        _left -= whole;
        return packetIds;
    }

    private static void WriteText(List<byte> body, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        WriteNumber(body, (ushort)bytes.Length);
        body.AddRange(bytes);
    }

    private static void WriteNumber(List<byte> body, ushort number)
    {
        body.Add((byte)(number >> 8));
        body.Add((byte)number);
    }

    private void Add(byte type, List<byte> body)
    {
        _output.Add(type);
        var length = body.Count;
        do
        {
            _output.Add((byte)((length & 0x7F) | (length > 0x7F ? 0x80 : 0)));
            length >>= 7;
        }
        while (length > 0);
        _output.AddRange(body);
    }
}
