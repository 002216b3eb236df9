using System.Diagnostics;
using ArtMqtt.Contracts.Requests;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ArtMqtt.WebGateway.Errors;

/// <summary>Answers that are errors: RFC 9457 problem details with a stable <c>code</c>.</summary>
internal static class Problems
{
    private const string CodeMember = "code";

    public static ProblemHttpResult RequestNotFound() => Create(
        StatusCodes.Status404NotFound, ErrorCodes.RequestNotFound, "There is no such request, or it is not yours.");

    public static ProblemHttpResult DeviceNotFound(string deviceId) => Create(
        StatusCodes.Status404NotFound, ErrorCodes.DeviceNotFound, $"There is no device '{deviceId}', or it is disabled.");

    public static ProblemHttpResult PlaceNotKnown() => Create(
        StatusCodes.Status404NotFound, ErrorCodes.PlaceNotKnown,
        "There are no positions around that moment, or they are further apart than 'maxGapSeconds'.");

    public static ProblemHttpResult DispatcherOnly() => Create(
        StatusCodes.Status403Forbidden, ErrorCodes.DispatcherOnly, "Only dispatchers may do this.");

    public static ProblemHttpResult DeviceDisabled() => Create(
        StatusCodes.Status403Forbidden, ErrorCodes.DeviceDisabled, "The device is disabled.");

    public static ProblemHttpResult TenantNotAllowed() => Create(
        StatusCodes.Status403Forbidden, ErrorCodes.TenantNotAllowed,
        "Only an admin of all tenants may name another tenant than the own one.");

    public static ProblemHttpResult TokensNotIssued() => Create(
        StatusCodes.Status404NotFound, ErrorCodes.TokensNotIssued, "Tokens:LocalKeyFile is not set: this node issues no tokens.");

    public static ProblemHttpResult TokenNotFound() => Create(
        StatusCodes.Status404NotFound, ErrorCodes.TokenNotFound, "No such token was issued here, or it is not yours.");

    public static ProblemHttpResult WebhookNotFound() => Create(
        StatusCodes.Status404NotFound, ErrorCodes.WebhookNotFound, "There is no such webhook, or it is not yours.");

    public static ProblemHttpResult ClientNotFound() => Create(
        StatusCodes.Status404NotFound, ErrorCodes.ClientNotFound, "There is no such connection, or it is not yours.");

    public static ProblemHttpResult OfAllOnly() => Create(
        StatusCodes.Status403Forbidden, ErrorCodes.AdminOnly, "Only admins of all tenants may see this.");

    public static ProblemHttpResult NodesSilent(IReadOnlyList<string> names) => Create(
        StatusCodes.Status503ServiceUnavailable, ErrorCodes.NodesSilent,
        names.Count == 0
            ? "Redis is away, and other nodes could not be asked; on this one there is no such connection."
            : $"There is no such connection on the nodes that answered. These did not: {string.Join(", ", names.Take(10))}.");

    public static ProblemHttpResult LetterNotFound() => Create(
        StatusCodes.Status404NotFound, ErrorCodes.LetterNotFound, "There is no such dead letter, or it is not yours.");

    public static ProblemHttpResult BrokerNotHere() => Create(
        StatusCodes.Status503ServiceUnavailable, ErrorCodes.BrokerNotHere,
        "This node has no broker that could take it; ask one with the role broker.");

    public static ProblemHttpResult GeofenceNotFound() => Create(
        StatusCodes.Status404NotFound, ErrorCodes.GeofenceNotFound, "There is no such geofence, or it is not yours.");

    public static ProblemHttpResult DeviceExists(string deviceId) => Create(
        StatusCodes.Status409Conflict, ErrorCodes.DeviceExists, $"The device id '{deviceId}' is taken.");

    public static ProblemHttpResult DeviceInUse(string deviceId) => Create(
        StatusCodes.Status409Conflict, ErrorCodes.DeviceInUse,
        $"The device '{deviceId}' has positions or requests; disable it instead.");

    public static ProblemHttpResult AreaTooLarge(int maxPlaces) => Create(
        StatusCodes.Status413PayloadTooLarge, ErrorCodes.AreaTooLarge, $"The area has more than {maxPlaces} places.");

    public static ProblemHttpResult NotAcceptable() => Create(
        StatusCodes.Status406NotAcceptable, ErrorCodes.NotAcceptable,
        "There is no format that 'Accept' takes; name one in 'format'.");

    public static ProblemHttpResult ExportTooLarge(int maxPositions) => Create(
        StatusCodes.Status413PayloadTooLarge, ErrorCodes.ExportTooLarge,
        $"There are more than {maxPositions} positions; ask for a shorter period.");

    public static ProblemHttpResult TooManyExports() => Create(
        StatusCodes.Status429TooManyRequests, ErrorCodes.TooManyExports,
        "Too many exports are being made; try again when one of them is through.");

    public static ProblemHttpResult RouteNotVisible() => Create(
        StatusCodes.Status403Forbidden, ErrorCodes.RouteNotVisible,
        "The route can be seen from the assignment to the end of the request.");

    public static ProblemHttpResult StreetsNotConfigured() => Create(
        StatusCodes.Status404NotFound, ErrorCodes.StreetsNotConfigured, "Map:StreetsFile is not set, or is gone, and no streets were learned yet.");

    public static ProblemHttpResult VersionMismatch(int current) => TypedResults.Problem(
        $"Somebody else changed it; its version is {current}. Read it again.",
        statusCode: StatusCodes.Status412PreconditionFailed, extensions: new Dictionary<string, object?>
        {
            [CodeMember] = ErrorCodes.VersionMismatch,
            ["currentVersion"] = current,
        });

    public static ProblemHttpResult IdempotencyKeyReused() => Create(
        StatusCodes.Status422UnprocessableEntity, ErrorCodes.IdempotencyKeyReused,
        "This Idempotency-Key made a request from another body; take a new key.");

    public static ProblemHttpResult StatusNotAllowed(RequestStatus current, string detail) => TypedResults.Problem(
        detail, statusCode: StatusCodes.Status409Conflict, extensions: new Dictionary<string, object?>
        {
            [CodeMember] = ErrorCodes.StatusNotAllowed,
            ["currentStatus"] = current.ToWire(),
        });

    /// <summary>400 with what is wrong, by member.</summary>
    public static ProblemHttpResult Invalid(IDictionary<string, string[]> errors) => TypedResults.Problem(
        new HttpValidationProblemDetails(errors)
        {
            Status = StatusCodes.Status400BadRequest,
            Detail = string.Join(" ", errors.SelectMany(e => e.Value)),
            Extensions = { [CodeMember] = ErrorCodes.InvalidRequest },
        });

    public static ProblemHttpResult Create(int status, string code, string detail) => TypedResults.Problem(
        detail, statusCode: status, extensions: new Dictionary<string, object?> { [CodeMember] = code });

    /// <summary>Gives every problem its code, also those the framework makes.</summary>
    public static void Complete(ProblemDetailsContext context)
    {
        var problem = context.ProblemDetails;
        problem.Extensions.TryAdd(CodeMember, ErrorCodes.Of(problem.Status ?? context.HttpContext.Response.StatusCode));
        problem.Extensions["traceId"] = Activity.Current?.Id ?? context.HttpContext.TraceIdentifier;
    }
}
