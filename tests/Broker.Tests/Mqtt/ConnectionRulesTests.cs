using ArtMqtt.Broker.Intake;
using ArtMqtt.Broker.Mqtt.Connections;
using ArtMqtt.Broker.Mqtt.Limits;
using ArtMqtt.Broker.Mqtt.Wire;

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

    [Theory]
    [InlineData(nameof(IntakeCode.Accepted), true, 1, ReasonCode.Success, null)]
    [InlineData(nameof(IntakeCode.Accepted), false, 2, ReasonCode.Success, null)]
    [InlineData(nameof(IntakeCode.Accepted), true, 0, null, null)]
    [InlineData(nameof(IntakeCode.PayloadInvalid), true, 1, ReasonCode.PayloadFormatInvalid, null)]
    [InlineData(nameof(IntakeCode.PayloadInvalid), false, 1, ReasonCode.Success, null)]
    [InlineData(nameof(IntakeCode.NotAuthorized), true, 1, ReasonCode.NotAuthorized, null)]
    [InlineData(nameof(IntakeCode.NotAuthorized), true, 0, null, null)]
    [InlineData(nameof(IntakeCode.NotAuthorized), false, 1, null, ReasonCode.NotAuthorized)]
    [InlineData(nameof(IntakeCode.NotAuthorized), false, 0, null, ReasonCode.NotAuthorized)]
    [InlineData(nameof(IntakeCode.Unavailable), true, 2, ReasonCode.QuotaExceeded, null)]
    [InlineData(nameof(IntakeCode.Unavailable), false, 1, null, ReasonCode.QuotaExceeded)]
    [InlineData(nameof(IntakeCode.Unavailable), false, 0, null, null)]
    public void Answers_as_far_as_the_version_can(
        string code, bool isVersion5, int quality, object? acknowledge, object? close) =>
        Assert.Equal(
            new PublishReply((ReasonCode?)acknowledge, (ReasonCode?)close),
            PublishReply.To(
                Enum.Parse<IntakeCode>(code), isVersion5, (byte)quality, closeOnDenied: true));
}
