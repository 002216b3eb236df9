using ArtMqtt.Live;
using ArtMqtt.TestKit;
using Microsoft.Extensions.DependencyInjection;

namespace ArtMqtt.WebGateway.Tests.Chaos;

/// <summary>
/// A gateway that sends at once; its publisher can see whether an event waits anywhere. Who is far behind needs the journal.
/// </summary>
public sealed class PromptGateway(TimescaleServer server) : Gateway(server)
{
    internal WatchedStreams Watched => (WatchedStreams)Streams;

    protected override IEnumerable<(string Key, string Value)> Settings =>
        [("Gateway:Live:MaxPendingStatus", "100000"), ("Live:RingSize", "64")];

    protected override void Replace(IServiceCollection services) => services.AddSingleton<ILiveStreams>(
        provider => new WatchedStreams(provider.GetRequiredService<MemoryLiveStreams>()));
}

/// <summary>A gateway that thins the view as it does by default. Who is far behind needs the journal.</summary>
public sealed class ThinningGateway(TimescaleServer server) : Gateway(server)
{
    protected override IEnumerable<(string Key, string Value)> Settings =>
        [("Gateway:Live:FlushInterval", "00:00:00.100"), ("Live:RingSize", "64")];
}
