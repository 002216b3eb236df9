using ArtMqtt.Broker.Tests.Support.Wire;

namespace ArtMqtt.Broker.Tests.Chaos;

/// <summary>Publishes numbered messages in order, and again after a lost connection what is not acknowledged.</summary>
internal sealed class ChaosPublisher(ChaosClient client, string topic, byte qos, int count, Func<int, string> payload)
{
    private const int Window = 8;
    private static readonly TimeSpan _pace = TimeSpan.FromMilliseconds(2);
    private readonly SortedDictionary<int, bool> _unacknowledged = [];
    private int _next;
    private int _acknowledged;

    /// <summary>How many messages were sent once more.</summary>
    public int SentAgain { get; private set; }

    public Task RunAsync() => client.RunAsync(() => _acknowledged == count, async (link, _, end) =>
    {
        // Oldest first: what the broker has (PUBREC) is only released, the rest is sent again.
        foreach (var (number, isReceived) in _unacknowledged.ToList())
        {
            SentAgain += isReceived ? 0 : 1;
            await (isReceived ? ReleaseAsync(link, Id(number), end) : SendAsync(link, number, isDuplicate: true, end));
        }

        while (_acknowledged < count)
        {
            while (_unacknowledged.Count < Window && _next < count)
            {
                _unacknowledged.Add(_next, false);
                await SendAsync(link, _next++, isDuplicate: false, end);
            }

            await TakeAsync(link, await link.ReadAsync(end), end);
            await Task.Delay(_pace, TimeProvider.System, end);
        }
    });

    private static ushort Id(int number) => (ushort)((number % ushort.MaxValue) + 1);

    private static Task ReleaseAsync(MqttLink link, ushort id, CancellationToken end) =>
        link.SendAsync(Packets.Acknowledge(PacketType.PubRel, id), end);

    private Task SendAsync(MqttLink link, int number, bool isDuplicate, CancellationToken end) => link.SendAsync(
        Packets.Publish(Level.V311, new PublishFields(topic, payload(number))
        {
            QoS = qos,
            PacketId = Id(number),
            IsDuplicate = isDuplicate,
        }),
        end);

    private async Task TakeAsync(MqttLink link, ServerPacket packet, CancellationToken end)
    {
        var number = _unacknowledged.Keys.First(n => Id(n) == packet.PacketId);
        switch (packet.Type)
        {
            case PacketType.PubRec:
                _unacknowledged[number] = true;
                await ReleaseAsync(link, packet.PacketId, end);
                break;
            case PacketType.PubAck or PacketType.PubComp:
                _unacknowledged.Remove(number);
                _acknowledged++;
                break;
            default:
                Assert.Fail($"The broker sent {packet}.");
                break;
        }
    }
}
