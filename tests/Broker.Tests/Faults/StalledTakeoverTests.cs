using ArtMqtt.Broker.Tests.Support.Wire;

namespace ArtMqtt.Broker.Tests.Faults;

/// <summary>
/// A vehicle loses its network and comes back: its old connection stands still with full buffers, and must not keep the
/// new one out. Every wait ends after a minute; the broker would notice the old connection after ten.
/// </summary>
[Collection(Alone.Name)]
public sealed class StalledTakeoverTests
{
    [Theory]
    [InlineData(Level.V311, true)]
    [InlineData(Level.V311, false)]
    [InlineData(Level.V5, true)]
    [InlineData(Level.V5, false)]
    public async Task The_new_connection_is_accepted_at_once(Level level, bool isClean)
    {
        await using var node = await FaultNode.StartAsync(("UnreadTimeout", "00:10:00"), ("MaxQueuedPerClient", "100000"));
        var connect = new ConnectFields
        {
            KeepAliveSeconds = 0,
            IsClean = isClean,
            Properties = [Property.SessionExpiry(60)],
        };
        using var stalled = await node.ConnectAsync(connect, level, receiveBufferBytes: 4_096);
        await stalled.SubscribeAsync([("flood/0", 0), ("flood/1", 1)]);
        var large = new string('x', 8_000);
        for (var i = 0; i < 3_000; i++)
        {
            await node.Publisher.PublishAsync($"flood/{i % 2}", large, i % 2);
        }

        using var back = await node.ConnectAsync(connect, level);

        Assert.Equal(!isClean, back.ConnAck.IsSessionPresent);
        await back.PingAsync();
        await node.RoundTripAsync();
        using var other = await node.ConnectAsync(level: level);
        await other.PingAsync();
    }

    [Fact]
    public async Task Twenty_stalled_clients_do_not_hold_up_a_stranger()
    {
        await using var node = await FaultNode.StartAsync(("UnreadTimeout", "00:10:00"), ("MaxQueuedPerClient", "100000"));
        var stalled = new List<WireClient>();
        for (var i = 0; i < 20; i++)
        {
            stalled.Add(await node.ConnectAsync(receiveBufferBytes: 4_096));
            await stalled[^1].SubscribeAsync("flood");
        }

        var large = new string('x', 8_000);
        for (var i = 0; i < 1_500; i++)
        {
            await node.Publisher.PublishAsync("flood", large);
        }

        foreach (var one in stalled.ToList())
        {
            stalled.Add(await node.ConnectAsync(new ConnectFields { ClientId = one.ClientId }));
            await stalled[^1].PingAsync();
            await node.RoundTripAsync();
        }

        stalled.ForEach(client => client.Dispose());
    }
}
