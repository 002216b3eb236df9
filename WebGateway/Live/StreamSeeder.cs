using ArtMqtt.Contracts.Live;
using ArtMqtt.Contracts.Positions;
using ArtMqtt.Contracts.Requests;
using ArtMqtt.Live;
using ArtMqtt.Store.Requests;
using ArtMqtt.Store.Routes;

namespace ArtMqtt.WebGateway.Live;

/// <summary>Gives live streams their first snapshot from the store: after a restart, or after they were idle.</summary>
internal sealed class StreamSeeder(ILiveStreams streams, RequestRepository requests, RouteReader routes)
{
    // The store does not say who made the last change.
    private const string Unknown = "server";

    /// <summary>Makes sure that the stream knows its status.</summary>
    /// <returns>False when there is no such request.</returns>
    public async ValueTask<bool> EnsureAsync(Guid requestId, CancellationToken cancellationToken)
    {
        if (await streams.HasSnapshotAsync(requestId, cancellationToken))
        {
            return true;
        }

        if (await requests.FindAsync(requestId, cancellationToken) is not { } request)
        {
            return false;
        }

        var status = new StatusEvent(request.Status, null, request.UpdatedAt.ToUnixTimeMilliseconds(), Unknown)
        {
            Version = request.Version,
        };
        var place = request.Status.ShowsOperator()
            ? await FindLatestAsync(requestId, PositionRole.Operator, cancellationToken)
            : null;
        var customer = request.Status.IsFinal()
            ? null
            : await FindLatestAsync(requestId, PositionRole.Customer, cancellationToken);
        await streams.SeedAsync(requestId, new LiveSnapshot(status, place, customer), cancellationToken);
        return true;
    }

    private async Task<LocationEvent?> FindLatestAsync(
        Guid requestId, PositionRole role, CancellationToken cancellationToken) =>
        await routes.FindLatestAsync(requestId, role, cancellationToken) is { } latest
            ? LocationEvent.Of(role, latest.Position)
            : null;
}
