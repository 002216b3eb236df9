using ArtMqtt.Contracts.Live;

namespace ArtMqtt.WebGateway.Eta;

/// <summary>An estimate to make.</summary>
/// <param name="RequestId">Of which request.</param>
/// <param name="Drive">The drive to it.</param>
/// <param name="Place">Where the operator is.</param>
/// <param name="SoFar">How the drive has gone up to there.</param>
internal sealed record EtaJob(Guid RequestId, FollowedDrive Drive, LocationEvent Place, DrivenPart SoFar);
