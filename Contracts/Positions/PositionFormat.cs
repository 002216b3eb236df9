namespace ArtMqtt.Contracts.Positions;

/// <summary>How positions are written on MQTT.</summary>
public enum PositionFormat
{
    /// <summary><c>position.proto</c>, content type <c>application/x-protobuf</c>.</summary>
    Protobuf,

    /// <summary>One object or an array of them, content type <c>application/json</c>.</summary>
    Json,
}
