using System.Text.Json.Serialization;

namespace ArtMqtt.Contracts.Live;

/// <summary><c>share:ended</c>: the last that is told to who watches with a shared link; the connection closes behind it.</summary>
/// <param name="Code">Why, as in docs/errors.md: <c>share_ended</c>, <c>share_expired</c> or <c>share_revoked</c>.</param>
public sealed record ShareEndedEvent(string Code) : LiveEvent
{
    /// <summary>The name on the wire.</summary>
    public const string WireName = "share:ended";

    /// <inheritdoc/>
    [JsonIgnore]
    public override string Name => WireName;
}
