using ArtMqtt.Contracts.Positions;
using MQTTnet;
using MQTTnet.Protocol;

namespace ArtMqtt.Broker.Tests.Support;

/// <summary>Positions to publish.</summary>
internal static class Payloads
{
    /// <summary>A JSON position, a moment ago.</summary>
    public static string Json(double lat = 48.1, double secondsAgo = 1)
    {
        var position = new Position(lat, 11.5, TimeProvider.System.GetUtcNow().AddSeconds(-secondsAgo));
        return System.Text.Encoding.UTF8.GetString(PositionCodec.Encode([position], PositionFormat.Json));
    }

    /// <summary>A message.</summary>
    public static MqttApplicationMessage Message(
        string topic, string payload, MqttQualityOfServiceLevel quality = MqttQualityOfServiceLevel.AtLeastOnce) =>
        new MqttApplicationMessageBuilder().WithTopic(topic).WithPayload(payload).WithQualityOfServiceLevel(quality).Build();

    /// <summary>A message with a position.</summary>
    public static MqttApplicationMessage Position(
        string topic, MqttQualityOfServiceLevel quality = MqttQualityOfServiceLevel.AtLeastOnce) =>
        Message(topic, Json(), quality);
}
