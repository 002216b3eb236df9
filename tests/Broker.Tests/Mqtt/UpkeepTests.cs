using System.Net;
using ArtMqtt.Broker.Tests.Support;
using ArtMqtt.Broker.Tests.Support.Wire;
using Microsoft.Extensions.Time.Testing;

namespace ArtMqtt.Broker.Tests.Mqtt;

public sealed class UpkeepTests
{
    [Fact]
    public async Task Wills_that_wait_for_the_spool_do_not_hold_up_a_revocation()
    {
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var node = await BrokerNode.StartAsync([("AppendTimeout", "00:02:00")], time);
        node.Fleet.AddDevice("lost");
        node.Fleet.AddDevice("revoked");
        using (await ConnectAsync(node, "lost", new Will("art/devices/lost/position", Payloads.Json())
        {
            Properties = [Property.WillDelay(1)],
        }))
        {
            node.Spool.IsClosed = true;
        }

        await TickUntilAsync(time, () => node.Spool.Waiting == 1);
        using var revoked = await ConnectAsync(node, "revoked", will: null);
        node.Fleet.Change("revoked", device => device with { IsEnabled = false });

        var end = revoked.ReadEndAsync();
        await TickUntilAsync(time, () => end.IsCompleted);
        Assert.Equal(0x98, (await end)!.Code);
    }

    private static async Task TickUntilAsync(FakeTimeProvider time, Func<bool> condition)
    {
        const int MostTicks = 200;
        var ticks = 0;
        await Soon.TrueAsync(() =>
        {
            time.Advance(TimeSpan.FromMilliseconds(250));
            return ++ticks > MostTicks || condition();
        });
        Assert.True(ticks <= MostTicks, "It took too long.");
    }

    private static async Task<WireClient> ConnectAsync(BrokerNode node, string deviceId, Will? will)
    {
        var client = await WireClient.OpenAsync(new IPEndPoint(IPAddress.Loopback, node.Port), Level.V5);
        var answer = await client.ConnectAsync(new ConnectFields
        {
            ClientId = deviceId,
            User = deviceId,
            Password = $"secret-{deviceId}",
            KeepAliveSeconds = 600,
            Will = will,
            Properties = [Property.SessionExpiry(600)],
        });
        Assert.Equal(Reason.Success, answer.Code);
        return client;
    }
}
