using ArtMqtt.Broker.Intake;
using ArtMqtt.Contracts.OwnTracks;
using Microsoft.AspNetCore.Http;

namespace ArtMqtt.Broker.FrontDoors;

/// <summary>OwnTracks apps in HTTP mode: what they would publish over MQTT, posted.</summary>
internal static class OwnTracksEndpoint
{
    // The app shows friends and takes commands from here; we have neither.
    private const string NothingForYou = "[]";

    /// <summary>Takes a message or an array of them.</summary>
    public static async Task<IResult> Publish(HttpContext context, FrontDoor door)
    {
        var query = context.Request.Query;
        var headers = context.Request.Headers;
        var user = NonEmpty(headers["X-Limit-U"]) ?? NonEmpty(query["u"]);
        var phone = NonEmpty(headers["X-Limit-D"]) ?? NonEmpty(query["d"]) ?? "http";
        var credentials = CallerCredentials.Read(context.Request, context.Request.QueryString.Value ?? "", user);
        if (door.Admit(context, credentials, FrontDoor.Basic, out var refusal) is not { } client)
        {
            return refusal!;
        }

        if (client.DeviceId is null || (user is not null && user != client.DeviceId))
        {
            return FrontDoorProblems.NotAllowed(context);
        }

        if (!OwnTracksTopics.IsDeviceName(phone))
        {
            return FrontDoorProblems.Invalid(
                context, "The device name must be 1 to 64 characters without '/', '+', '#' and control characters.");
        }

        var body = await BodyReader.ReadAsync(context.Request, door.Options.MaxBodyBytes, context.RequestAborted);
        if (body is null)
        {
            return FrontDoorProblems.BodyTooLarge(context, door.Options.MaxBodyBytes);
        }

        var topic = OwnTracksTopics.Location(client.DeviceId, phone);
        var result = await door.TakeAsync(new PositionPublish(client, topic, null, body));
        return result.Code == IntakeCode.Accepted || DeadLetters.AreFinal(result)
            ? TypedResults.Text(NothingForYou, "application/json")
            : FrontDoorProblems.Of(context, result);
    }

    private static string? NonEmpty(string? text) => string.IsNullOrEmpty(text) ? null : text;
}
