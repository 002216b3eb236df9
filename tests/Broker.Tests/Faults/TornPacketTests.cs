using System.Net.Sockets;
using ArtMqtt.Broker.Tests.Support.Wire;

namespace ArtMqtt.Broker.Tests.Faults;

/// <summary>Connections that break in the middle of a packet leave nothing running behind.</summary>
[Collection(Alone.Name)]
public sealed class TornPacketTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Thousands_of_them_use_no_processor_time(bool afterConnect)
    {
        await using var node = await FaultNode.StartAsync(("MaxConnectsPerSecond", "1000000"));
        var torn = new List<WireClient>();
        for (var i = 0; i < 1_500; i++)
        {
            var client = afterConnect ? await node.ConnectAsync() : await WireClient.OpenAsync(node.Address, Level.V311);
            torn.Add(client);
            await client.SendAsync(afterConnect ? [0x30, 0x80, 0x01, 0x00] : [0x10]);
            client.FinishSending();
        }

        await Pass.SecondsAsync(1);
        var before = Environment.CpuUsage.TotalTime;
        await Pass.SecondsAsync(3);
        var used = Environment.CpuUsage.TotalTime - before;

        Assert.True(used < TimeSpan.FromSeconds(1), $"{used.TotalSeconds:F1} s of processor time in 3 s with nothing to do.");
        await node.RoundTripAsync();
        foreach (var client in torn)
        {
            try
            {
                await client.ReadAllAsync();
            }
            catch (SocketException)
            {
                // It is over either way.
            }

            client.Dispose();
        }
    }
}
