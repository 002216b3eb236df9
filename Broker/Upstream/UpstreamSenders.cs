using ArtMqtt.Broker.Auth;
using ArtMqtt.Contracts;
using ArtMqtt.Contracts.Fleet;
using ArtMqtt.Contracts.OwnTracks;
using ArtMqtt.Contracts.Positions;

namespace ArtMqtt.Broker.Upstream;

/// <summary>
/// Tells from a topic who published there: the upstream broker has signed the clients in and lets each of them publish to its
/// own topics only. Whether a device exists, is enabled, and has a request to publish for, is ours to say. No I/O.
/// </summary>
internal sealed class UpstreamSenders(IFleetDirectory directory, TimeProvider time)
{
    /// <summary>
    /// While the database is away, what we do not know may have been made a moment before; but not for ever, or one stranger
    /// would hold up a whole fleet.
    /// </summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Lock _gate = new();
    private long? _awaySince;

    /// <summary>Whether those who are not known now may be known soon.</summary>
    public bool MayLearn
    {
        get
        {
            lock (_gate)
            {
                if (directory.IsCurrent)
                {
                    _awaySince = null;
                    return false;
                }

                return time.GetElapsedTime(_awaySince ??= time.GetTimestamp()) < Patience;
            }
        }
    }

    /// <summary>Who published.</summary>
    /// <param name="topic">Our topic.</param>
    public UpstreamSender Find(string topic)
    {
        if (OwnTracksTopics.TryParsePublish(topic, out var user))
        {
            return OfDevice(user);
        }

        return !Topics.TryParsePosition(topic, out var target)
            ? new UpstreamSender(UpstreamSender.Nobody, "", PositionError.ForeignTopic())
            : target.Role == PositionRole.Device ? OfDevice(target.DeviceId!) : OfRequest(target.RequestId!.Value, target.Role);
    }

    private UpstreamSender OfDevice(string deviceId) => new(
        ClientIdentity.Device(deviceId), deviceId, directory.FindDevice(deviceId) switch
        {
            null => PositionError.UnknownDevice(),
            { IsEnabled: false } => PositionError.DisabledDevice(),
            _ => null,
        });

    private UpstreamSender OfRequest(Guid requestId, PositionRole role) => (role, directory.FindRequest(requestId)) switch
    {
        (PositionRole.Customer, { }) => new(ClientIdentity.Customer(requestId), ClientAuthenticator.CustomerName, null),
        (PositionRole.Operator, { DeviceId: { } deviceId }) => OfDevice(deviceId),
        (PositionRole.Customer, _) => new(ClientIdentity.Customer(requestId), ClientAuthenticator.CustomerName, PositionError.NoRequest()),
        _ => new(UpstreamSender.Nobody, "", PositionError.NoRequest()),
    };
}
