namespace ArtMqtt.Store.Webhooks;

/// <summary>Data of <c>request.eta</c>: the operator will be there in less time than a threshold.</summary>
/// <param name="RequestId">The request.</param>
/// <param name="EtaSeconds">Seconds until the operator arrives.</param>
/// <param name="EtaAt">When that is, UTC.</param>
/// <param name="ThresholdSeconds">The threshold that was reached, seconds.</param>
public sealed record EtaReached(Guid RequestId, int EtaSeconds, DateTimeOffset EtaAt, int ThresholdSeconds);
