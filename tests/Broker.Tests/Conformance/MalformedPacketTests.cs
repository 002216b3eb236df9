using ArtMqtt.Broker.Tests.Support;
using ArtMqtt.Broker.Tests.Support.Wire;

namespace ArtMqtt.Broker.Tests.Conformance;

public sealed class MalformedPacketTests(ConformanceBroker broker)
{
    /// <summary>Every packet by its description: those are stable, positions in the table are not.</summary>
    public static TheoryData<Level, string> All { get; } =
        [.. new[] { Level.V311, Level.V5 }.SelectMany(level => MalformedPackets.Of(level).Select(p => (level, p.What)))];

    [Theory]
    [MemberData(nameof(All))]
    public async Task Ends_the_connection_and_says_why(Level level, string what)
    {
        using var client = await broker.ConnectAsync(level);

        await client.SendAsync(MalformedPackets.Of(level).Single(p => p.What == what).Bytes);

        await client.ReadBrokenAsync();
    }

    [Theory]
    [InlineData(Level.V311)]
    [InlineData(Level.V5)]
    public async Task Waits_for_the_rest_of_a_packet_and_ends_quietly_with_the_connection(Level level)
    {
        var whole = Packets.Publish(level, new PublishFields(Names.Topic(), "whole") { QoS = 1, PacketId = 1 });
        for (var length = 1; length < whole.Length; length++)
        {
            using var client = await broker.ConnectAsync(level);
            await client.SendAsync(whole[..length]);
            client.FinishSending();
            Assert.DoesNotContain(await client.ReadAllAsync(), p => p.Type != PacketType.Disconnect);
        }
    }
}
