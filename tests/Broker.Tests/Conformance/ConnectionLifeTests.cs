using ArtMqtt.Broker.Tests.Support;
using ArtMqtt.Broker.Tests.Support.Wire;

namespace ArtMqtt.Broker.Tests.Conformance;

public sealed class ConnectionLifeTests(ConformanceBroker broker)
{
    [Theory]
    [InlineData(Level.V311)]
    [InlineData(Level.V5)]
    public async Task Ends_a_silent_client_after_one_and_a_half_keep_alives(Level level)
    {
        using var client = await broker.ConnectAsync(level, new ConnectFields { KeepAliveSeconds = 2 });
        var clock = TimeProvider.System;
        var started = clock.GetTimestamp();

        await client.ReadBrokenAsync(Reason.KeepAliveTimeout);

        Assert.True(clock.GetElapsedTime(started) > TimeSpan.FromSeconds(2), "The broker gave up before the keep-alive was over.");
    }

    [Theory]
    [InlineData(Level.V311)]
    [InlineData(Level.V5)]
    public async Task Any_packet_keeps_a_client_alive(Level level)
    {
        using var client = await broker.ConnectAsync(level, new ConnectFields { KeepAliveSeconds = 2 });

        for (var i = 0; i < 3; i++)
        {
            await Pass.SecondsAsync(1.5);
            await client.PublishAsync(Names.Topic(), "alive", 1);
        }

        await client.PingAsync();
    }

    [Theory]
    [InlineData(Level.V311)]
    [InlineData(Level.V5)]
    public async Task What_a_client_receives_does_not_keep_it_alive(Level level)
    {
        var topic = Names.Topic();
        using var client = await broker.ConnectAsync(level, new ConnectFields { KeepAliveSeconds = 1 });
        await client.SubscribeAsync(topic);
        using var publisher = await broker.ConnectAsync(level);
        var end = client.ReadEndAsync();

        while (!end.IsCompleted)
        {
            await publisher.PublishAsync(topic, "message", 1);
            await Pass.SecondsAsync(0.2);
        }

        await end;
    }

    [Fact]
    public async Task A_keep_alive_of_0_never_ends()
    {
        using var client = await broker.ConnectAsync(Level.V311, new ConnectFields { KeepAliveSeconds = 0 });

        await Pass.SecondsAsync(4);

        await client.PingAsync();
    }

    [Fact]
    public async Task A_longer_keep_alive_than_the_broker_wants_is_told()
    {
        using var client = await broker.ConnectAsync(Level.V5, new ConnectFields { KeepAliveSeconds = 65_535 });

        Assert.True(client.ConnAck.Number(PropertyId.ServerKeepAlive) is null or < 65_535);
    }

    [Theory]
    [InlineData(Level.V311)]
    [InlineData(Level.V5)]
    public async Task A_second_connection_takes_the_client_over(Level level)
    {
        using var first = await broker.ConnectAsync(level);
        using var second = await broker.ConnectAsync(level, new ConnectFields { ClientId = first.ClientId });

        await first.ReadBrokenAsync(Reason.TakenOver);
        await second.PingAsync();
    }

    [Fact]
    public async Task A_takeover_continues_the_session()
    {
        var topic = Names.Topic();
        var connect = new ConnectFields { IsClean = false, Properties = [Property.SessionExpiry(60)] };
        using var first = await broker.ConnectAsync(Level.V5, connect);
        await first.SubscribeAsync(topic, 1);
        using var publisher = await broker.ConnectAsync(Level.V5);
        await publisher.PublishAsync(topic, "unacknowledged", 1);
        var sent = await first.ReadAsync(PacketType.Publish);

        using var second = await broker.ConnectAsync(Level.V5, connect);
        await publisher.PublishAsync(topic, "next", 1);

        Assert.True(second.ConnAck.IsSessionPresent);
        var again = await second.ReceiveAsync();
        Assert.Equal((sent.PacketId, "unacknowledged", true), (again.PacketId, again.Payload, again.IsDuplicate));
        Assert.Equal("next", (await second.ReceiveAsync()).Payload);
    }

    [Fact]
    public async Task Versions_can_change_between_connections()
    {
        var (topic, id) = (Names.Topic(), Names.Unique("client"));
        using (var old = await broker.ConnectAsync(Level.V311, new ConnectFields { ClientId = id, IsClean = false }))
        {
            await old.SubscribeAsync(topic, 1);
            await old.DisconnectAsync();
        }

        using var publisher = await broker.ConnectAsync(Level.V5);
        await publisher.PublishAsync(topic, "message", 1);
        using var modern = await broker.ConnectAsync(Level.V5, new ConnectFields { ClientId = id, IsClean = false });

        Assert.True(modern.ConnAck.IsSessionPresent);
        Assert.Equal("message", (await modern.ReceiveAsync()).Payload);
    }

    [Fact]
    public async Task Quick_reconnects_with_one_client_id_always_end_in_a_working_client()
    {
        var (topic, id) = (Names.Topic(), Names.Unique("client"));
        using var publisher = await broker.ConnectAsync(Level.V311);
        for (var i = 0; i < 200; i++)
        {
            using var client = await broker.ConnectAsync(Level.V311, new ConnectFields { ClientId = id });
            await client.SubscribeAsync(topic, 1);
            await publisher.PublishAsync(topic, $"{i}", 1);
            Assert.Equal($"{i}", (await client.ReceiveAsync()).Payload);
        }
    }

    [Theory]
    [InlineData(Level.V311)]
    [InlineData(Level.V5)]
    public async Task Nothing_is_read_after_DISCONNECT(Level level)
    {
        var topic = Names.Topic();
        using var witness = await broker.SubscribeAsync(level, topic, 1);
        using var client = await broker.ConnectAsync(level);

        await client.SendAsync([.. Packets.Disconnect(), .. Packets.Publish(level, new PublishFields(topic, "too late"))]);
        await client.ReadEndAsync();
        await witness.PublishAsync(topic, "end", 1);

        Assert.Empty(await witness.ReceiveUntilAsync("end"));
    }
}
