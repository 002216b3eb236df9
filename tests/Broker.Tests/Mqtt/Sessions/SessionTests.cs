using System.Text;
using ArtMqtt.Broker.Auth;
using ArtMqtt.Broker.Intake;
using ArtMqtt.Broker.Mqtt.Routing;
using ArtMqtt.Broker.Mqtt.Sessions;
using ArtMqtt.Broker.Tests.Support;

namespace ArtMqtt.Broker.Tests.Mqtt.Sessions;

public sealed class SessionTests
{
    private static readonly SessionLimits _limits = new(MaxSubscriptions: 10, MaxQueued: 2, MaxInFlight: 1);

    private readonly List<Session> _marked = [];
    private readonly RecordingLink _link = new();
    private readonly Session _session;

    public SessionTests()
    {
        _session = new Session("anyone/x", ClientIdentity.Anyone, _limits, (_, _) => true, TimeProvider.System, _marked.Add);
        _session.Attach(_link, ClientIdentity.Anyone, expirySeconds: 60, will: null, welcome: [0x20]);
        _marked.Clear();
    }

    [Fact]
    public void Once_it_has_ended_the_store_hears_nothing_more_of_it()
    {
        _session.End();
        _marked.Clear();

        // What the connection it had still reads: the store may have the next session of that name by now.
        _session.Release(1);
        _session.AddReceived(2, Task.FromResult(IntakeResult.Taken));
        _session.RemoveReceived(2);

        Assert.Empty(_marked);
    }

    [Fact]
    public void Acknowledgements_of_what_is_not_there_change_nothing()
    {
        Assert.False(_session.Release(1));
        Assert.False(_session.RemoveReceived(1));

        Assert.Empty(_marked);
    }

    [Fact]
    public void A_publish_counts_as_received_in_the_store_only_once_it_is_safe()
    {
        var taking = new TaskCompletionSource<IntakeResult>();
        _session.AddReceived(1, taking.Task);
        Assert.Empty(_session.TakeChanges().State!.ReceivedIds);

        taking.SetResult(IntakeResult.Taken);
        _session.KeepReceived();
        Assert.Equal([1], _session.TakeChanges().State!.ReceivedIds);
    }

    [Fact]
    public void A_message_is_stored_without_what_has_not_changed()
    {
        Assert.NotNull(_session.TakeChanges().State);

        Deliver("live");
        var changes = _session.TakeChanges();
        Assert.Null(changes.State);
        Assert.False(changes.IsOver);
        Assert.Single(changes.Messages);

        _session.MarkAllChanged();
        changes = _session.TakeChanges();
        Assert.NotNull(changes.State);
        Assert.True(changes.IsWhole);
        Assert.Single(changes.Messages);
    }

    [Fact]
    public void What_is_published_while_retained_messages_wait_finds_room_behind_them()
    {
        Deliver("retained", count: 6, room: 6);

        Assert.Equal(DeliveryResult.Kept, Deliver("live"));
        Assert.Null(_link.Closed);

        Deliver("live", count: 3);
        Assert.NotNull(_link.Closed);
    }

    [Fact]
    public void Who_left_while_retained_messages_waited_still_gets_the_newest()
    {
        Deliver("retained", count: 6, room: 6);
        _session.Detach(_link, new SessionEnd(SendsWill: false, ExpirySeconds: 60));
        Deliver("newest");
        var later = new RecordingLink();
        _session.Attach(later, ClientIdentity.Anyone, expirySeconds: 60, will: null, welcome: [0x20]);

        for (ushort id = 1; id < 100; id++)
        {
            _session.Complete(id, quality: 1);
        }

        Assert.Equal("newest", later.Payloads.Last());
    }

    [Fact]
    public void After_a_restart_packet_identifiers_begin_far_from_those_the_store_may_have_missed()
    {
        var restored = new Session(
            "anyone/x", ClientIdentity.Anyone, new SessionLimits(10, 10, 10), (_, _) => true, TimeProvider.System,
            _marked.Add);
        Deliver("sent, and stored");
        var stored = _session.TakeChanges();

        restored.Restore(stored.State!, stored.Messages, new TopicIndex());
        restored.Deliver(new Delivery(new Message { Topic = "t", Payload = "x"u8.ToArray(), Quality = 2 }, 2, IsRetained: false, null, 0));
        restored.Attach(_link, ClientIdentity.Anyone, expirySeconds: 60, will: null, welcome: [0x20]);

        var ids = _link.Sent.TakeLast(2).Select(p => p.PacketId).ToList();
        Assert.Equal(1, ids[0]);
        Assert.InRange(ids[1], 10_000, 60_000);
    }

    private DeliveryResult Deliver(string text, int count = 1, int room = 0)
    {
        var result = DeliveryResult.Absent;
        for (var i = 0; i < count; i++)
        {
            var message = new Message { Topic = $"t/{i}", Payload = Encoding.UTF8.GetBytes(text), Quality = 1 };
            result = _session.Deliver(new Delivery(message, 1, IsRetained: false, null, room));
        }

        return result;
    }
}
