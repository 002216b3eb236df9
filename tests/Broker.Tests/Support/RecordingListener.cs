using ArtMqtt.Contracts.Live;
using ArtMqtt.Live;

namespace ArtMqtt.Broker.Tests.Support;

/// <summary>Keeps what was shown live.</summary>
internal sealed class RecordingListener : ILiveListener, IDisposable
{
    private readonly List<(Guid RequestId, LocationEvent Event)> _locations = [];
    private readonly IDisposable _subscription;

    public RecordingListener(ILiveStreams streams) => _subscription = streams.SubscribeAll(this);

    public IReadOnlyList<(Guid RequestId, LocationEvent Event)> Locations
    {
        get
        {
            lock (_locations)
            {
                return [.. _locations];
            }
        }
    }

    public void OnEvent(Guid requestId, NumberedEvent numbered)
    {
        if (numbered.Event is LocationEvent location)
        {
            lock (_locations)
            {
                _locations.Add((requestId, location));
            }
        }
    }

    public void Dispose() => _subscription.Dispose();
}
