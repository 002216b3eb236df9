using ArtMqtt.Contracts;
using ArtMqtt.Contracts.Fleet;
using ArtMqtt.Contracts.OwnTracks;
using ArtMqtt.Contracts.Positions;
using ArtMqtt.Contracts.Requests;

namespace ArtMqtt.Broker.Auth;

/// <summary>
/// Who may publish and subscribe where (docs/wire-format.md). Asked again for every message, so the end of an
/// assignment or of a request counts at once.
/// </summary>
internal sealed class TopicPolicy(IFleetDirectory directory)
{
    private const string Root = "art/";

    /// <summary>Whether the client may publish positions to the topic now, and in which capacity.</summary>
    public PublishDecision DecidePublish(ClientIdentity client, string topic)
    {
        if (!TopicNames.IsTopic(topic))
        {
            return PublishDecision.Denied;
        }

        if (OwnTracksTopics.TryParsePublish(topic, out var user))
        {
            return client.Kind == ClientKind.Device ? AsDevice(client, user) : PublishDecision.Denied;
        }

        if (!Topics.TryParsePosition(topic, out var target))
        {
            return PublishDecision.Denied;
        }

        return (client.Kind, target.Role) switch
        {
            (ClientKind.Device, PositionRole.Device) => AsDevice(client, target.DeviceId!),
            (ClientKind.Device, PositionRole.Operator) => AsOperator(client, target),
            (ClientKind.Customer, PositionRole.Customer) => AsCustomer(client, target),
            _ => PublishDecision.Denied,
        };
    }

    /// <summary>Whether the client may subscribe to the filter now.</summary>
    public bool MaySubscribe(ClientIdentity client, string filter)
    {
        if (client.Kind == ClientKind.Anyone)
        {
            return filter != ConformanceOptions.RefusedFilter;
        }

        if (!TopicNames.IsFilter(filter))
        {
            return false;
        }

        // Apps ask for everybody's places as well (owntracks/+/+); they go on when they are told no.
        if (OwnTracksTopics.Owns(filter))
        {
            return client.Kind == ClientKind.Device
                && OwnTracksTopics.TryParseUser(filter, out var user, out _) && user == client.DeviceId;
        }

        if (!filter.StartsWith(Root, StringComparison.Ordinal))
        {
            return false;
        }

        return client.Kind switch
        {
            _ when client.ReadsAll => true,
            ClientKind.Customer => Topics.TryParseRequest(filter, out var own, out _) && own == client.RequestId,
            _ when Topics.TryParseDevice(filter, out var deviceId, out _) => deviceId == client.DeviceId,
            _ => Topics.TryParseRequest(filter, out var requestId, out _)
                && directory.FindRequest(requestId)?.DeviceId == client.DeviceId,
        };
    }

    /// <summary>Whether a message on a topic the client is subscribed to is still its to see.</summary>
    /// <param name="client">The client.</param>
    /// <param name="topic">The topic.</param>
    /// <param name="tenant">Whom the message belongs to; empty for no tenant, null when nobody knows.</param>
    public bool MayReceive(ClientIdentity client, string topic, string? tenant)
    {
        if (client.ReadsAll)
        {
            return client.Tenants.Covers(tenant);
        }

        if (client.Kind == ClientKind.Anyone)
        {
            return true;
        }

        if (!Topics.TryParseRequest(topic, out var requestId, out var rest))
        {
            return MaySubscribe(client, topic);
        }

        // A request that is over is no longer in the directory; the last word on it is still for those who watched.
        var request = directory.FindRequest(requestId);
        var isTheirs = client.Kind == ClientKind.Customer
            ? requestId == client.RequestId
            : request is null || request.DeviceId == client.DeviceId;
        return isTheirs && rest switch
        {
            "status" => true,
            "operator/position" => request?.Status.ShowsOperator() == true,
            _ => request is not null,
        };
    }

    /// <summary>
    /// Whether a last will on the topic is at least about the client itself. Such a will is accepted but not kept: no
    /// topic that takes wills exists yet. Any other is refused.
    /// </summary>
    public bool MayLeaveWill(ClientIdentity client, string topic) =>
        TopicNames.IsTopic(topic)
        && (client.Kind == ClientKind.Anyone
            || (client.Kind == ClientKind.Device && Topics.TryParseDevice(topic, out var id, out _) && id == client.DeviceId)
            || DecidePublish(client, topic).IsAllowed);

    private PublishDecision AsDevice(ClientIdentity client, string deviceId)
    {
        if (deviceId != client.DeviceId || FindEnabled(client) is not { } device)
        {
            return PublishDecision.Denied;
        }

        var request = directory.FindActiveRequestOf(device.DeviceId);
        return request is { } active && !active.Status.IsFinal()
            ? new PublishDecision(true, device.Key, device.DeviceId, PositionRole.Operator, active)
            : new PublishDecision(true, device.Key, device.DeviceId, PositionRole.Device, null);
    }

    private PublishDecision AsOperator(ClientIdentity client, PositionTopic target) =>
        FindEnabled(client) is { } device
        && directory.FindRequest(target.RequestId!.Value) is { } request
        && request.DeviceId == device.DeviceId && !request.Status.IsFinal()
            ? new PublishDecision(true, device.Key, device.DeviceId, PositionRole.Operator, request)
            : PublishDecision.Denied;

    private PublishDecision AsCustomer(ClientIdentity client, PositionTopic target) =>
        target.RequestId == client.RequestId
        && directory.FindRequest(target.RequestId!.Value) is { } request && !request.Status.IsFinal()
            ? new PublishDecision(
                true, request.CustomerKey, ClientAuthenticator.CustomerName, PositionRole.Customer, request)
            : PublishDecision.Denied;

    private FleetDevice? FindEnabled(ClientIdentity client) =>
        directory.FindDevice(client.DeviceId!) is { IsEnabled: true } device ? device : null;
}
