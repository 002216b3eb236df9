using System.Text.Json.Serialization;

namespace ArtMqtt.Contracts.Live;

/// <summary><c>operator:presence</c>: whether the device that serves the request is connected.</summary>
/// <param name="State"><see cref="Online"/> or <see cref="Offline"/>.</param>
/// <param name="Since">Since when, milliseconds since 1970.</param>
public sealed record PresenceEvent(string State, long Since) : LiveEvent
{
    /// <summary>The name on the wire.</summary>
    public const string WireName = "operator:presence";

    /// <summary>It is connected.</summary>
    public const string Online = "online";

    /// <summary>It is not.</summary>
    public const string Offline = "offline";

    /// <inheritdoc/>
    [JsonIgnore]
    public override string Name => WireName;
}
