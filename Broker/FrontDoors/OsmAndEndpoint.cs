using System.Text;
using ArtMqtt.Broker.Intake;
using ArtMqtt.Contracts;
using ArtMqtt.Contracts.OsmAnd;
using ArtMqtt.Contracts.Positions;
using Microsoft.AspNetCore.Http;

namespace ArtMqtt.Broker.FrontDoors;

/// <summary>OsmAnd's online tracking and Traccar Client: a query, a form or JSON.</summary>
internal static class OsmAndEndpoint
{
    /// <summary>Takes a position, or a batch in JSON.</summary>
    public static async Task<IResult> Publish(HttpContext context, FrontDoor door, TimeProvider time)
    {
        var body = await BodyReader.ReadAsync(context.Request, door.Options.MaxBodyBytes, context.RequestAborted);
        if (body is null)
        {
            return FrontDoorProblems.BodyTooLarge(context, door.Options.MaxBodyBytes);
        }

        // The device is named in the payload, so that has to be read before we know whether it is welcome.
        var query = context.Request.QueryString.Value ?? "";
        var isJson = OsmAndCodec.IsJson(body, context.Request.ContentType);
        var fields = isJson ? query : $"{query}&{Encoding.UTF8.GetString(body)}";
        var payload = isJson ? body : Encoding.UTF8.GetBytes(FormFields.Without(fields, CallerCredentials.SecretFields));
        var contentType = isJson ? PositionCodec.JsonContentType : OsmAndCodec.FormContentType;
        var named = new DecodedMessages(door.MaxMessages);
        OsmAndCodec.Decode(payload, contentType, time.GetUtcNow(), named);
        var deviceId = named.DeviceId ?? FormFields.Find(query, "id", "deviceid");

        var credentials = CallerCredentials.Read(context.Request, fields, deviceId);
        if (door.Admit(context, credentials, FrontDoor.Basic, out var refusal) is not { } client)
        {
            return refusal!;
        }

        if (named.NamesSeveralDevices)
        {
            return FrontDoorProblems.Invalid(context, "One call is for one device; send several.");
        }

        var topic = Topics.DevicePosition(deviceId ?? client.DeviceId ?? "");
        var publish = new PositionPublish(client, topic, contentType, payload) { Dialect = PayloadDialect.OsmAnd };
        var result = await door.TakeAsync(publish);
        return result.Code == IntakeCode.Accepted ? TypedResults.Ok()
            : DeadLetters.AreFinal(result) ? TypedResults.Text($"{result.ErrorCode}: {result.Detail}")
            : FrontDoorProblems.Of(context, result);
    }
}
