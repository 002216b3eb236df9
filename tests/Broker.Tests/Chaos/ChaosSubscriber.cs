using ArtMqtt.Broker.Tests.Support.Wire;

namespace ArtMqtt.Broker.Tests.Chaos;

/// <summary>Subscribes once, and keeps what it receives by the rules of each quality of service.</summary>
internal sealed class ChaosSubscriber(ChaosClient client, string filter, byte qos)
{
    private const ushort SubscribeId = 1;
    private readonly List<ServerPacket> _messages = [];
    private readonly HashSet<ushort> _unreleased = [];
    private readonly TaskCompletionSource _subscribed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes with the first SUBACK.</summary>
    public Task Subscribed => _subscribed.Task;

    /// <summary>Messages; those of quality 2 after what their packet identifiers say, those of quality 1 as they came.</summary>
    public IReadOnlyList<ServerPacket> Messages => _messages;

    /// <summary>Repetitions of quality 2 that their packet identifiers told.</summary>
    public int Repetitions { get; private set; }

    public Task RunAsync(Func<IReadOnlyList<ServerPacket>, bool> hasAll) => client.RunAsync(() => hasAll(_messages), async (link, isKnown, end) =>
    {
        Assert.True(isKnown || !_subscribed.Task.IsCompleted, "The broker forgot the session.");
        if (!_subscribed.Task.IsCompleted)
        {
            await link.SendAsync(Packets.Subscribe(Level.V311, SubscribeId, [(filter, qos)]), end);
        }

        while (!hasAll(_messages))
        {
            await TakeAsync(link, await link.ReadAsync(end), end);
        }
    });

    private async Task TakeAsync(MqttLink link, ServerPacket packet, CancellationToken end)
    {
        switch (packet.Type)
        {
            case PacketType.SubAck:
                Assert.Equal([qos], packet.Codes);
                _subscribed.TrySetResult();
                break;
            case PacketType.Publish when packet.QoS == 2:
                if (_unreleased.Add(packet.PacketId))
                {
                    _messages.Add(packet);
                }
                else
                {
                    Repetitions++;
                }

                await link.SendAsync(Packets.Acknowledge(PacketType.PubRec, packet.PacketId), end);
                break;
            case PacketType.PubRel:
                _unreleased.Remove(packet.PacketId);
                await link.SendAsync(Packets.Acknowledge(PacketType.PubComp, packet.PacketId), end);
                break;
            case PacketType.Publish:
                _messages.Add(packet);
                if (packet.QoS == 1)
                {
                    await link.SendAsync(Packets.Acknowledge(PacketType.PubAck, packet.PacketId), end);
                }

                break;
            default:
                Assert.Fail($"The broker sent {packet}.");
                break;
        }
    }
}
