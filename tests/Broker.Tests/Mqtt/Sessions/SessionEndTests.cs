using ArtMqtt.Broker.Mqtt.Sessions;
using ArtMqtt.Broker.Mqtt.Wire;

namespace ArtMqtt.Broker.Tests.Mqtt.Sessions;

public sealed class SessionEndTests
{
    [Theory]
    [InlineData(60u, 100u, 100u)]
    [InlineData(60u, 0u, 0u)]
    [InlineData(60u, 5_000u, 3_600u)]
    [InlineData(0u, 100u, 0u)]
    public void A_disconnect_changes_how_long_a_session_is_kept_but_not_whether(uint agreed, uint asked, uint expected)
    {
        var said = new DisconnectPacket(ReasonCode.Success, asked);

        Assert.Equal(expected, SessionEnd.Of(said, agreed, maxSeconds: 3_600).ExpirySeconds);
    }
}
