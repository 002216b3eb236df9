using System.Text.Json;
using ArtMqtt.Broker.Mqtt.Routing;
using ArtMqtt.Contracts;
using ArtMqtt.Contracts.Fleet;
using ArtMqtt.Contracts.Live;
using ArtMqtt.Contracts.Requests;

namespace ArtMqtt.Broker.Mirror;

/// <summary>
/// Finds retained statuses that do not say what the directory says: after a start what changed while the broker was
/// down, later what its events did not tell. Used by one caller at a time.
/// </summary>
internal sealed class StatusSync(ServerTopics topics, IFleetDirectory directory, TimeProvider time)
{
    /// <summary>Who has changed a status nobody saw change.</summary>
    private const string By = "server";

    private Dictionary<Guid, RequestStatus> _suspects = [];
    private bool _hasLooked;

    /// <summary>Whether the first look is still to come.</summary>
    public bool IsFirst => !_hasLooked;

    /// <summary>The requests with a retained status, and whether it is their last.</summary>
    public IEnumerable<(Guid RequestId, bool IsFinal)> Retained()
    {
        foreach (var topic in topics.FindTopics(Topics.AllStatuses))
        {
            if (Topics.TryParseRequest(topic, out var requestId, out _))
            {
                yield return (requestId, StatusOf(requestId)?.IsFinal() ?? true);
            }
        }
    }

    /// <summary>
    /// What has to be published. An event may be on its way, or be ahead of the directory: so only what was wrong the last
    /// time too, and at the first look what no event has told yet.
    /// </summary>
    /// <param name="wasTold">Whether an event of this request was mirrored since the start.</param>
    public List<(Guid RequestId, StatusEvent Event)> Look(Func<Guid, bool> wasTold)
    {
        var corrections = new List<(Guid, StatusEvent)>();
        var suspects = new Dictionary<Guid, RequestStatus>();
        foreach (var request in directory.Requests)
        {
            var known = StatusOf(request.RequestId);
            if (known == request.Status)
            {
                continue;
            }

            suspects[request.RequestId] = request.Status;
            if ((!_hasLooked && !wasTold(request.RequestId))
                || (_suspects.TryGetValue(request.RequestId, out var before) && before == request.Status))
            {
                corrections.Add((
                    request.RequestId,
                    new StatusEvent(request.Status, known, time.GetUtcNow().ToUnixTimeMilliseconds(), By)));
            }
        }

        (_suspects, _hasLooked) = (suspects, true);
        return corrections;
    }

    private RequestStatus? StatusOf(Guid requestId)
    {
        try
        {
            return topics.FindState(Topics.RequestStatus(requestId)) is { } json
                ? JsonSerializer.Deserialize<StatusEvent>(json.Span, JsonSerializerOptions.Web)?.Status
                : null;
        }
        catch (JsonException)
        {
            // Of another version, or left there by somebody in the conformance profile.
            return null;
        }
    }
}
