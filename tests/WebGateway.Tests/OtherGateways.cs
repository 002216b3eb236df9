using ArtMqtt.TestKit;

namespace ArtMqtt.WebGateway.Tests;

/// <summary>A gateway whose connections may lag far behind, for tests that publish in bursts.</summary>
public sealed class RoomyGateway(TimescaleServer server) : Gateway(server)
{
    protected override IEnumerable<(string Key, string Value)> Settings =>
        [("Gateway:Live:MaxPendingStatus", "100000"), ("Live:RingSize", "1024")];
}
