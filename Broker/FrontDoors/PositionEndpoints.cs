using System.Text;
using ArtMqtt.Broker.Auth;
using ArtMqtt.Broker.Devices;
using ArtMqtt.Broker.Intake;
using ArtMqtt.Contracts;
using ArtMqtt.Contracts.Positions;
using Microsoft.AspNetCore.Http;

namespace ArtMqtt.Broker.FrontDoors;

/// <summary>Our own payloads over HTTP: what would be published over MQTT, posted.</summary>
internal static class PositionEndpoints
{
    // What MQTT tells on the control topic.
    private const string ControlHeader = "ArtMqtt-Control";
    private const string Bearer = "Bearer";

    /// <summary>Takes positions of a device; the server attaches the request it serves.</summary>
    public static Task<IResult> PublishOfDevice(HttpContext context, string deviceId, FrontDoor door, DeviceControl control) =>
        PublishAsync(context, deviceId, door, control, _ => Topics.DevicePosition(deviceId));

    /// <summary>Takes positions of the customer of a request, or of the device that is assigned to it.</summary>
    public static Task<IResult> PublishOfRequest(HttpContext context, Guid requestId, FrontDoor door, DeviceControl control) =>
        PublishAsync(context, null, door, control, client => Topics.RequestPosition(
            requestId, client.Kind == ClientKind.Customer ? PositionRole.Customer : PositionRole.Operator));

    private static async Task<IResult> PublishAsync(
        HttpContext context, string? deviceId, FrontDoor door, DeviceControl control, Func<ClientIdentity, string> topicOf)
    {
        // Nothing of the query: whoever can post JSON can set a header, and addresses end up in logs.
        var credentials = CallerCredentials.Read(context.Request, "", deviceId);
        if (door.Admit(context, credentials, Bearer, out var refusal) is not { } client)
        {
            return refusal!;
        }

        var body = await BodyReader.ReadAsync(context.Request, door.Options.MaxBodyBytes, context.RequestAborted);
        if (body is null)
        {
            return FrontDoorProblems.BodyTooLarge(context, door.Options.MaxBodyBytes);
        }

        var result = await door.TakeAsync(new PositionPublish(client, topicOf(client), context.Request.ContentType, body));
        if (result.Code != IntakeCode.Accepted)
        {
            return FrontDoorProblems.Of(context, result);
        }

        if (client.DeviceId is { } sender)
        {
            context.Response.Headers[ControlHeader] = Encoding.ASCII.GetString(control.Find(sender));
        }

        return TypedResults.Ok(new PositionReceipt(result.Count));
    }
}

/// <summary>The answer to positions that are durable.</summary>
/// <param name="Accepted">How many.</param>
internal sealed record PositionReceipt(int Accepted);
