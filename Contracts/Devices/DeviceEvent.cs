namespace ArtMqtt.Contracts.Devices;

/// <summary>Something that happened to a device at the broker, kept for those who look after it.</summary>
/// <param name="DeviceId">The device, as it signed in or claimed to be.</param>
/// <param name="Kind">What.</param>
/// <param name="At">Our clock, UTC, milliseconds.</param>
/// <param name="IsOnline">Whether the device is connected after it.</param>
public sealed record DeviceEvent(string DeviceId, DeviceEventKind Kind, DateTimeOffset At, bool IsOnline)
{
    /// <summary>Most characters of each text; the rest is cut.</summary>
    public const int MaxText = 128;

    /// <summary>Why, as a word of a fixed set: how a connection ended, or why a sign-in was refused; empty for none.</summary>
    public string Reason { get; init; } = "";

    /// <summary>The MQTT client id.</summary>
    public string ClientId { get; init; } = "";

    /// <summary>IP address it came from; empty when not known.</summary>
    public string Address { get; init; } = "";

    /// <summary>Protocol and transport, for example <c>MQTT 5, tls</c>.</summary>
    public string Protocol { get; init; } = "";

    /// <summary>Program and version, as the client's CONNECT says in the user property <c>agent</c>; empty when it does not.</summary>
    public string Agent { get; init; } = "";
}
