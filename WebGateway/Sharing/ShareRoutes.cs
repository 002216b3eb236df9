using System.Runtime.CompilerServices;
using ArtMqtt.Contracts.Positions;
using ArtMqtt.Contracts.Requests;
using ArtMqtt.Store.Requests;
using ArtMqtt.Store.Routes;
using ArtMqtt.Store.Sharing;
using ArtMqtt.WebGateway.Errors;
using ArtMqtt.WebGateway.Routes;

namespace ArtMqtt.WebGateway.Sharing;

/// <summary>Where the operator has been, for the holder of a shared link: since its phase began, and only while it lasts.</summary>
internal sealed class ShareRoutes(RequestRepository requests, ShareRepository shares, RouteReader routes)
{
    public async Task<IResult> ReadAsync(
        ShareRecord share, Guid requestId, RouteQuery query, CancellationToken cancellationToken)
    {
        if (share.RequestId != requestId || await requests.FindAsync(requestId, cancellationToken) is not { } request)
        {
            return Problems.RequestNotFound();
        }

        if (query.Validate() is { Any: true } errors)
        {
            return Problems.Invalid(errors.ByField);
        }

        if (share.IsOverAt(request.Status))
        {
            return ShareEnd.Over.Problem();
        }

        var isCustomers = query.Role == PositionRole.Customer;
        if (share.Phase.StandingAt(request.Status) != PhaseStanding.Within || !request.Status.ShowsOperator()
            || (isCustomers && share.Role != ShareRole.Customer)
            || await shares.FindPhaseStartAsync(requestId, share.Phase, cancellationToken) is not { } start)
        {
            return Problems.RouteNotVisible();
        }

        var selection = query.Selection;
        var points = routes.ReadRequestAsync(
            requestId, query.Role, selection with { From = selection.From > start ? selection.From : start },
            cancellationToken);
        return new RouteResult(share.Role == ShareRole.Customer ? points : PlacesOf(points, cancellationToken), query);
    }

    // As live: place, speed, heading and time; nothing of the device.
    private static async IAsyncEnumerable<RoutePoint> PlacesOf(
        IAsyncEnumerable<RoutePoint> points, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var point in points.WithCancellation(cancellationToken))
        {
            var position = point.Position;
            yield return point with
            {
                Position = new Position(position.Latitude, position.Longitude, position.FixTime)
                {
                    Speed = position.Speed,
                    Heading = position.Heading,
                },
            };
        }
    }
}
