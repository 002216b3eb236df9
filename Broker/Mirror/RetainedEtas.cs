using System.Text.Json;
using ArtMqtt.Broker.Mqtt.Routing;
using ArtMqtt.Contracts;
using ArtMqtt.Contracts.Fleet;
using ArtMqtt.Contracts.Live;
using ArtMqtt.Contracts.Requests;

namespace ArtMqtt.Broker.Mirror;

/// <summary>The retained ETA of each request that is en route. An empty message tells subscribers that it is over.</summary>
internal sealed class RetainedEtas(ServerTopics topics, IFleetDirectory directory)
{
    /// <summary>Publishes an ETA; false when nobody may see it any more.</summary>
    public bool TryPublish(Guid requestId, EtaEvent eta)
    {
        // The directory may be behind the status that began the drive, never ahead of the one that ends it.
        if (!IsUnderWay(requestId))
        {
            return false;
        }

        topics.PublishState(
            Topics.RequestEta(requestId), JsonSerializer.SerializeToUtf8Bytes(eta, JsonSerializerOptions.Web), isNewestWins: true);
        return true;
    }

    /// <summary>Ends the ETA of a request, if it has one.</summary>
    public void End(Guid requestId)
    {
        var topic = Topics.RequestEta(requestId);
        if (topics.FindState(topic) is not null)
        {
            topics.PublishState(topic, default, isNewestWins: true);
        }
    }

    /// <summary>Ends what no event has ended: of requests that went on while the broker was down.</summary>
    public void EndOfThoseNotUnderWay()
    {
        foreach (var topic in topics.FindTopics(Topics.AllEtas))
        {
            if (Topics.TryParseRequest(topic, out var requestId, out _) && !IsUnderWay(requestId))
            {
                End(requestId);
            }
        }
    }

    private bool IsUnderWay(Guid requestId) =>
        directory.FindRequest(requestId) is { Status: RequestStatus.Assigned or RequestStatus.EnRoute };
}
