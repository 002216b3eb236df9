namespace ArtMqtt.WebGateway.Eta;

/// <summary>How long it takes.</summary>
/// <param name="Seconds">As many drives take longer as take less.</param>
/// <param name="Low">Seconds that one drive in ten stays below.</param>
/// <param name="High">Seconds that one drive in ten exceeds.</param>
/// <param name="Distance">Metres to drive.</param>
/// <param name="Source">What says so, as on the wire.</param>
internal sealed record EtaEstimate(double Seconds, double Low, double High, double Distance, string Source);
