using ArtMqtt.Broker.Auth;
using ArtMqtt.Broker.Intake;
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
        _session = new Session("anyone/x", ClientIdentity.Anyone, _limits, TimeProvider.System, _marked.Add);
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
        Assert.Equal([1], _session.TakeChanges().State!.ReceivedIds);
    }
}
