using ArtMqtt.Contracts.Live;
using ArtMqtt.Contracts.Positions;
using ArtMqtt.Contracts.Requests;
using ArtMqtt.Live;

namespace ArtMqtt.WebGateway.Tests.Chaos;

/// <summary>Publishes all kinds of events of one request, and keeps book; of another, that nobody may mix up with it, some.</summary>
internal sealed class ChaosPublisher(ILiveStreams streams, Guid requestId, Guid otherId, Random random)
{
    private const int Kinds = 4;
    private readonly List<NumberedEvent> _published = [];
    private int _second;

    /// <summary>The stream.</summary>
    public IReadOnlyList<NumberedEvent> Published => _published;

    /// <summary>The numbers of all status events.</summary>
    public IEnumerable<long> Statuses =>
        _published.Where(numbered => numbered.Event is StatusEvent).Select(numbered => numbered.Cursor.Sequence);

    /// <summary>The number of the last event of each name.</summary>
    public IEnumerable<long> LastOfEach =>
        _published.GroupBy(numbered => numbered.Event.Name).Select(events => events.Max(numbered => numbered.Cursor.Sequence));

    /// <summary>One event of a kind by chance.</summary>
    public async Task PublishAsync(CancellationToken cancellationToken)
    {
        _second++;
        LiveEvent next = random.Next(Kinds) switch
        {
            0 => new StatusEvent(RequestStatus.EnRoute, RequestStatus.Assigned, _second, "test"),
            1 => new PresenceEvent(_second % 2 == 0 ? PresenceEvent.Online : PresenceEvent.Offline, _second),
            2 => LocationEvent.Of(PositionRole.Customer, Gateway.PositionAt(_second)),
            _ => LocationEvent.Of(PositionRole.Operator, Gateway.PositionAt(_second)),
        };
        if (_second % 3 == 0)
        {
            await streams.PublishAsync(otherId, next, cancellationToken);
        }

        _published.Add((await streams.PublishAsync(requestId, next, cancellationToken))!);
    }
}
