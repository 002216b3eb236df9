using ArtMqtt.Broker.Auth;
using ArtMqtt.Broker.Intake;
using ArtMqtt.Broker.Mqtt.Routing;
using ArtMqtt.Broker.Mqtt.Sessions;
using ArtMqtt.Broker.Mqtt.Storage;
using ArtMqtt.Broker.Mqtt.Wire;
using ArtMqtt.Contracts;
using Microsoft.Extensions.Options;

namespace ArtMqtt.Broker.Mqtt.Connections;

/// <summary>
/// Where a client's publishes and wills go: positions into the spool; only in the conformance profile from client to
/// client.
/// </summary>
internal sealed class ClientPublishes(
    PositionIntake intake, MessageRouter router, SessionStore store, IOptions<BrokerOptions> options, TimeProvider time)
{
    /// <summary>Takes a publish. What it says is used, or copied, before this returns.</summary>
    /// <param name="session">Whose.</param>
    /// <param name="topic">Where to.</param>
    /// <param name="packet">What; its topic may be an alias.</param>
    public ValueTask<IntakeResult> TakeAsync(Session session, string topic, in PublishPacket packet)
    {
        if (session.Identity.Kind == ClientKind.Anyone)
        {
            return RouteAsync(session, ToMessage(topic, packet));
        }

        var publish = new PositionPublish(session.Identity, topic, packet.Properties.ContentType, packet.Payload);
        // Not tied to the connection: a position that arrived is worth keeping even if its sender is gone by now.
        return intake.TakeAsync(publish, CancellationToken.None);
    }

    /// <summary>Sends last wills.</summary>
    /// <param name="wills">The wills that are due.</param>
    public async Task SendAsync(IReadOnlyList<PendingWill> wills)
    {
        List<Task> taking = [];
        foreach (var will in wills)
        {
            if (will.Identity.Kind == ClientKind.Anyone)
            {
                router.Publish(will.ToMessage(time.GetUtcNow()), publisher: null);
            }
            else if (!Topics.IsPresence(will.Packet.Topic))
            {
                // A device's presence is ours to tell; its will about it says nothing new.
                taking.Add(intake.TakeAsync(
                    new PositionPublish(will.Identity, will.Packet.Topic, null, will.Packet.Payload),
                    CancellationToken.None).AsTask());
            }
        }

        await Task.WhenAll(taking);
    }

    private ValueTask<IntakeResult> RouteAsync(Session session, Message message)
    {
        var routed = router.Publish(message, session);
        var result = routed.Subscriptions == 0 ? IntakeResult.NoSubscribers : IntakeResult.Taken;
        return routed.IsKept && message.Quality > 0 && !store.WhenCommittedAsync().IsCompleted
            ? WaitAsync(result)
            : ValueTask.FromResult(result);
    }

    private async ValueTask<IntakeResult> WaitAsync(IntakeResult result)
    {
        try
        {
            await store.WhenCommittedAsync().WaitAsync(options.Value.AppendTimeout, time);
            return result;
        }
        catch (TimeoutException)
        {
            return IntakeResult.Refuse(IntakeCode.Unavailable, "The message cannot be stored at the moment.");
        }
    }

    private Message ToMessage(string topic, in PublishPacket packet) => new()
    {
        Topic = topic,
        Payload = packet.Payload.ToArray(),
        Quality = packet.Quality,
        IsRetained = packet.IsRetained,
        Properties = packet.Properties.Forwarded,
        ExpiresAt = packet.Properties.MessageExpiryInterval is { } seconds ? time.GetUtcNow().AddSeconds(seconds) : null,
    };
}
