using System.Diagnostics.Metrics;

namespace ArtMqtt.Broker.FrontDoors;

/// <summary>What the front doors count, in the broker's meter.</summary>
internal sealed class FrontDoorMetrics
{
    private readonly Counter<long> _calls;

    /// <summary>Creates the instruments.</summary>
    public FrontDoorMetrics(IMeterFactory factory) => _calls = factory.Create(BrokerMetrics.MeterName)
        .CreateCounter<long>("artmqtt.broker.front_door.calls", "{call}");

    /// <summary>Counts an answered call.</summary>
    /// <param name="door">Which door.</param>
    /// <param name="status">HTTP status.</param>
    public void Answered(string door, int status) => _calls.Add(
        1, new KeyValuePair<string, object?>("door", door), new KeyValuePair<string, object?>("status", status));
}
