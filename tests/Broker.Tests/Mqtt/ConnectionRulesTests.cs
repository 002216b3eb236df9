using ArtMqtt.Broker.Intake;
using ArtMqtt.Broker.Mqtt;
using Microsoft.Extensions.Time.Testing;
using MQTTnet.Packets;
using MQTTnet.Protocol;

namespace ArtMqtt.Broker.Tests.Mqtt;

public sealed class ConnectionRulesTests
{
    [Fact]
    public void Aliases_are_remembered_up_to_the_limit()
    {
        var aliases = new TopicAliases();

        Assert.True(aliases.TryResolve("a", 0, out _));
        Assert.False(aliases.TryResolve("", 1, out _));
        Assert.True(aliases.TryResolve("a", TopicAliases.Maximum, out _));
        Assert.True(aliases.TryResolve("", TopicAliases.Maximum, out var topic));
        Assert.Equal("a", topic);
        Assert.False(aliases.TryResolve("a", TopicAliases.Maximum + 1, out _));
    }

    [Fact]
    public void Silence_does_not_count_while_we_do_not_read()
    {
        var time = new FakeTimeProvider();
        var silent = 0;
        using var watch = new KeepAliveWatch(TimeSpan.FromSeconds(10), time, () => silent++);

        watch.Pause();
        time.Advance(TimeSpan.FromMinutes(1));
        watch.Resume();
        time.Advance(TimeSpan.FromSeconds(14));
        Assert.Equal(0, silent);

        time.Advance(TimeSpan.FromSeconds(16));
        Assert.Equal(1, silent);
    }

    [Fact]
    public void Slots_are_given_back()
    {
        var slots = new ConnectionSlots(limit: 1);

        Assert.True(slots.TryTake());
        Assert.False(slots.TryTake());
        slots.Release();
        Assert.True(slots.TryTake());
        slots.Release();
        slots.Close();
        Assert.False(slots.TryTake());
        Assert.Equal(0, slots.Taken);
    }

    [Fact]
    public void A_client_may_leave_a_limited_number_of_packets_unanswered()
    {
        var unanswered = new UnansweredPackets(limit: 2);
        var ping = MqttPingReqPacket.Instance;
        var delivery = new MqttPublishPacket { QualityOfServiceLevel = MqttQualityOfServiceLevel.AtLeastOnce };

        Assert.Equal([true, true, false], new[] { ping, ping, ping }.Select(unanswered.OnReceived));
        Assert.Equal([true, true, false], new[] { delivery, delivery, delivery }.Select(unanswered.OnSending));
        Assert.True(unanswered.OnSending(MqttPingRespPacket.Instance) && unanswered.OnSending(MqttPingRespPacket.Instance));
        Assert.True(unanswered.OnReceived(ping));
        Assert.True(unanswered.OnReceived(new MqttPubAckPacket()) && unanswered.OnReceived(new MqttPubAckPacket()));
        Assert.True(unanswered.OnSending(delivery));
    }

    [Theory]
    [InlineData(nameof(IntakeCode.Accepted), true, 1, MqttPubAckReasonCode.Success, null)]
    [InlineData(nameof(IntakeCode.Accepted), false, 2, MqttPubAckReasonCode.Success, null)]
    [InlineData(nameof(IntakeCode.Accepted), true, 0, null, null)]
    [InlineData(nameof(IntakeCode.PayloadInvalid), true, 1, MqttPubAckReasonCode.PayloadFormatInvalid, null)]
    [InlineData(nameof(IntakeCode.PayloadInvalid), false, 1, MqttPubAckReasonCode.Success, null)]
    [InlineData(nameof(IntakeCode.NotAuthorized), true, 1, MqttPubAckReasonCode.NotAuthorized, null)]
    [InlineData(nameof(IntakeCode.NotAuthorized), true, 0, null, null)]
    [InlineData(nameof(IntakeCode.NotAuthorized), false, 1, null, MqttDisconnectReasonCode.NotAuthorized)]
    [InlineData(nameof(IntakeCode.NotAuthorized), false, 0, null, MqttDisconnectReasonCode.NotAuthorized)]
    [InlineData(nameof(IntakeCode.Unavailable), true, 2, MqttPubAckReasonCode.QuotaExceeded, null)]
    [InlineData(nameof(IntakeCode.Unavailable), false, 1, null, MqttDisconnectReasonCode.QuotaExceeded)]
    [InlineData(nameof(IntakeCode.Unavailable), false, 0, null, null)]
    public void Answers_as_far_as_the_version_can(
        string code, bool isVersion5, int quality, MqttPubAckReasonCode? acknowledge, MqttDisconnectReasonCode? close) =>
        Assert.Equal(
            new PublishReply(acknowledge, close),
            PublishReply.To(
                Enum.Parse<IntakeCode>(code), isVersion5, (MqttQualityOfServiceLevel)quality, closeOnDenied: true));
}
