namespace ArtMqtt.Store.Requests;

/// <summary>A request to create.</summary>
/// <param name="RequestId">A new id.</param>
/// <param name="PickupLat">Degrees north.</param>
/// <param name="PickupLng">Degrees east.</param>
/// <param name="CustomerName">Or null.</param>
/// <param name="Note">Or null.</param>
/// <param name="CustomerTokenHash">Keyed hash of the token in the customer's link.</param>
/// <param name="By">Who creates it, for example <c>dispatcher</c>.</param>
/// <param name="CreationHash">
/// SHA-256 of what it is created from, when the same may be sent twice; else null.
/// </param>
public sealed record NewRequest(
    Guid RequestId, double PickupLat, double PickupLng, string? CustomerName, string? Note,
    ReadOnlyMemory<byte> CustomerTokenHash, string By, ReadOnlyMemory<byte>? CreationHash = null)
{
    /// <summary>The firm it belongs to; empty for none.</summary>
    public string Tenant { get; init; } = "";
}
