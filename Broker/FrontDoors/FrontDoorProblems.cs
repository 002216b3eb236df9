using System.Diagnostics;
using System.Globalization;
using ArtMqtt.Broker.Intake;
using ArtMqtt.Contracts.Positions;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ArtMqtt.Broker.FrontDoors;

/// <summary>Answers that are errors: RFC 9457 problem details with a stable <c>code</c>, as the gateway's.</summary>
internal static class FrontDoorProblems
{
    private static readonly TimeSpan _retrySpool = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan _retryAttempts = TimeSpan.FromMinutes(1);

    public static IResult TokenMissing(HttpContext context, string challenge) => Challenge(
        context, challenge, FrontDoorErrors.TokenMissing, "Send the device's id and secret; docs/wire-format.md says how.");

    public static IResult TokenInvalid(HttpContext context, string challenge) => Challenge(
        context, challenge, FrontDoorErrors.TokenInvalid, "The credentials are not valid.");

    public static IResult TooManyAttempts(HttpContext context) => Later(
        context, StatusCodes.Status429TooManyRequests, FrontDoorErrors.TooManyAttempts, _retryAttempts,
        "Too many wrong credentials from this address; try again in a minute.");

    public static IResult DevicesNotLoaded(HttpContext context) => Later(
        context, StatusCodes.Status503ServiceUnavailable, FrontDoorErrors.DevicesNotLoaded, _retrySpool,
        "The server cannot tell now whether it knows this device; keep the positions, try again.");

    public static IResult BodyTooLarge(HttpContext context, int limit) => Create(
        context, StatusCodes.Status413PayloadTooLarge, FrontDoorErrors.BodyTooLarge,
        $"The body is larger than {limit.ToString(CultureInfo.InvariantCulture)} bytes; send several.");

    public static IResult Invalid(HttpContext context, string detail) => Create(
        context, StatusCodes.Status400BadRequest, FrontDoorErrors.InvalidRequest, detail);

    public static IResult NotAllowed(HttpContext context) => Create(
        context, StatusCodes.Status403Forbidden, FrontDoorErrors.PublishNotAllowed,
        "You may not publish positions here (now).");

    /// <summary>What was not taken in.</summary>
    public static IResult Of(HttpContext context, IntakeResult result) => result.Code switch
    {
        IntakeCode.NotAuthorized => NotAllowed(context),
        IntakeCode.PayloadInvalid => Create(
            context, StatusOf(result.ErrorCode), result.ErrorCode ?? FrontDoorErrors.InvalidRequest, result.Detail ?? ""),
        _ => Later(
            context, StatusCodes.Status503ServiceUnavailable, FrontDoorErrors.SpoolUnavailable, _retrySpool,
            result.Detail ?? ""),
    };

    private static int StatusOf(string? code) => code switch
    {
        "position_batch_too_large" => StatusCodes.Status413PayloadTooLarge,
        PositionError.UnknownContentTypeCode => StatusCodes.Status415UnsupportedMediaType,
        "position_encrypted" => StatusCodes.Status422UnprocessableEntity,
        _ => StatusCodes.Status400BadRequest,
    };

    private static ProblemHttpResult Challenge(HttpContext context, string challenge, string code, string detail)
    {
        context.Response.Headers.WWWAuthenticate = challenge;
        return Create(context, StatusCodes.Status401Unauthorized, code, detail);
    }

    private static ProblemHttpResult Later(HttpContext context, int status, string code, TimeSpan retryAfter, string detail)
    {
        context.Response.Headers.RetryAfter = retryAfter.TotalSeconds.ToString("0", CultureInfo.InvariantCulture);
        return Create(context, status, code, detail);
    }

    private static ProblemHttpResult Create(HttpContext context, int status, string code, string detail) =>
        TypedResults.Problem(detail, statusCode: status, extensions: new Dictionary<string, object?>
        {
            ["code"] = code,
            ["traceId"] = Activity.Current?.Id ?? context.TraceIdentifier,
        });
}
