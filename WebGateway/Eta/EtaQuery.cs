namespace ArtMqtt.WebGateway.Eta;

/// <summary>How long does it take from here to there?</summary>
/// <param name="FromLat">Degrees north of the operator.</param>
/// <param name="FromLng">Degrees east of the operator.</param>
/// <param name="ToLat">Degrees north of the pickup point.</param>
/// <param name="ToLng">Degrees east of the pickup point.</param>
/// <param name="Now">The moment, UTC.</param>
/// <param name="Drive">How the operator has driven up to here.</param>
internal sealed record EtaQuery(
    double FromLat, double FromLng, double ToLat, double ToLng, DateTimeOffset Now, DrivenPart Drive);
