using ArtMqtt.Contracts.Live;

namespace ArtMqtt.WebGateway.Eta;

/// <summary>Is told when an operator comes near or is late, to tell others outside; any number of them may be registered.</summary>
internal interface IEtaMilestones
{
    /// <summary>
    /// A threshold was passed (<see cref="EtaEvent.Threshold"/>) or a delay began (<see cref="EtaEvent.DelayedSeconds"/>). The
    /// next estimate of the request waits for the answer. What it throws is logged, and not repeated.
    /// </summary>
    Task OnMilestoneAsync(Guid requestId, EtaEvent eta, CancellationToken cancellationToken);
}
