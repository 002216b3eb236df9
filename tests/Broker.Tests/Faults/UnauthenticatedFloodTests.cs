using System.Net.Sockets;
using ArtMqtt.Broker.Tests.Support.Wire;

namespace ArtMqtt.Broker.Tests.Faults;

/// <summary>Strangers that connect by the thousand and never say who they are.</summary>
[Collection(Alone.Name)]
public sealed class UnauthenticatedFloodTests
{
    private const int Strangers = 2_000;

    [Theory]
    [InlineData("", "nothing")]
    [InlineData("10", "the first byte")]
    [InlineData("10FFFFFF7F", "a length of 256 MB")]
    [InlineData("10801F00044D51545404C2", "the beginning of a CONNECT of 4 KB")]
    [InlineData("16030102000100", "the beginning of a TLS handshake")]
    public async Task Take_little_memory_and_are_sent_away(string hex, string what)
    {
        await using var node = await FaultNode.StartAsync(("ConnectTimeout", "00:00:10"));
        var before = Memory.Used();
        var strangers = new List<Socket>();
        for (var i = 0; i < Strangers; i++)
        {
            var stranger = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            strangers.Add(stranger);
            await stranger.ConnectAsync(node.Address, TestContext.Current.CancellationToken);
            await stranger.SendAsync(Convert.FromHexString(hex), TestContext.Current.CancellationToken);
        }

        // Our half of the sockets is in this process, too.
        var each = (Memory.Used() - before) / Strangers;
        Assert.True(each < 32_768, $"Each connection that sent {what} took {each} bytes.");
        await node.RoundTripAsync();
        using (var known = await node.ConnectAsync())
        {
            await known.PingAsync();
        }

        foreach (var stranger in strangers)
        {
            await EndAsync(stranger);
        }

        await node.RoundTripAsync();
    }

    [Fact]
    public async Task A_CONNECT_that_drips_in_does_not_live_longer()
    {
        await using var node = await FaultNode.StartAsync(("ConnectTimeout", "00:00:02"));
        using var client = await WireClient.OpenAsync(node.Address, Level.V311);
        var connect = new ConnectFields { ClientId = new string('x', 1_000) }.Encode(Level.V311);
        var end = client.ReadAllAsync();

        try
        {
            for (var i = 0; i < connect.Length - 1 && !end.IsCompleted; i++)
            {
                await client.SendAsync(connect[i]);
                await Pass.SecondsAsync(0.1);
            }
        }
        catch (SocketException)
        {
            // The broker had enough.
        }

        Assert.True(end.IsCompleted);
        Assert.DoesNotContain(await end, p => p.Code == 0);
    }

    private static async Task EndAsync(Socket stranger)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromMinutes(2));
        try
        {
            while (await stranger.ReceiveAsync(new byte[64], limit.Token) > 0)
            {
            }
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionReset)
        {
            // Sent away with something unread.
        }

        stranger.Dispose();
    }
}
