using System.Security.Claims;
using ArtMqtt.Contracts;
using ArtMqtt.Contracts.Requests;
using ArtMqtt.Store.LifeCycle;
using ArtMqtt.Store.Requests;
using ArtMqtt.WebGateway.Errors;
using ArtMqtt.WebGateway.Explorer;
using ArtMqtt.WebGateway.Security;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ArtMqtt.WebGateway.Erasures;

/// <summary>Forgetting a device's past or a customer, for good. Table <c>erasures</c> keeps who was erased when.</summary>
internal static class ErasureEndpoints
{
    public static void MapErasures(this IEndpointRouteBuilder app)
    {
        var group = app.MapGroup("/api").WithTags("Erasure").RequireAuthorization(Policies.Admin);
        group.MapDelete("/devices/{deviceId}/history", EraseDevice)
            .WithSummary("Erase everything a device has reported")
            .WithDescription(
                "Its positions, sums, trips and dead letters up to now, for good. The device stays and may go on; disable it first "
                + "when it should not. Takes seconds for millions of positions; when the call breaks off it is gone on with. For admins.")
            .ProducesErrors(401, 403, 404);
        group.MapDelete("/requests/{requestId:guid}/customer", EraseCustomer)
            .WithSummary("Erase the customer of a request that is over")
            .WithDescription(
                "The positions of the phone, name, note and link, for good; of the pickup point the neighbourhood stays (0.1°). For admins.")
            .ProducesErrors(401, 403, 404, 409);
    }

    private static async Task<Results<Ok<ErasureView>, ProblemHttpResult>> EraseDevice(
        string deviceId, ClaimsPrincipal user, ErasureRepository erasures, CancellationToken cancellationToken) =>
        DeviceIds.IsValid(deviceId)
        && await erasures.EraseDeviceAsync(deviceId, user.Word(), cancellationToken) is { } erasure
            ? TypedResults.Ok(ErasureView.Of(erasure))
            : Problems.DeviceNotFound(deviceId);

    private static async Task<Results<Ok<ErasureView>, ProblemHttpResult>> EraseCustomer(
        Guid requestId, ClaimsPrincipal user, ErasureRepository erasures, RequestRepository requests,
        CancellationToken cancellationToken)
    {
        if (await erasures.EraseCustomerAsync(requestId, user.Word(), cancellationToken) is { } erasure)
        {
            return TypedResults.Ok(ErasureView.Of(erasure));
        }

        return await requests.FindAsync(requestId, cancellationToken) is { } request
            ? Problems.StatusNotAllowed(
                request.Status, $"The request is {request.Status.ToWire()}: complete or cancel it, then erase its customer.")
            : Problems.RequestNotFound();
    }
}
