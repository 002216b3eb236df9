using ArtMqtt.Contracts.Security;

namespace ArtMqtt.Store.Fleet;

/// <summary>What a node has to know to admit clients when it starts without the database.</summary>
/// <param name="State">Devices and running requests.</param>
/// <param name="Revoked">Tokens that were taken back.</param>
internal sealed record KeptFleet(FleetState State, IReadOnlyList<RevokedToken> Revoked);
