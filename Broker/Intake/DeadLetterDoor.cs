using ArtMqtt.Broker.Auth;
using ArtMqtt.Broker.FrontDoors;
using ArtMqtt.Contracts;
using ArtMqtt.Contracts.OsmAnd;
using ArtMqtt.Contracts.Positions;

namespace ArtMqtt.Broker.Intake;

/// <summary>Takes dead letters in once more: those of the database as they were, the others as if they were published again.</summary>
internal sealed class DeadLetterDoor(PositionIntake intake, SpoolGate gate) : IDeadLetterDoor
{
    /// <inheritdoc/>
    public ValueTask<DeadLetterResult> RetryAsync(RejectedPayload letter, CancellationToken cancellationToken) => letter.Code switch
    {
        RejectedPayload.RefusedByStoreCode or RejectedPayload.UnreadableRecordCode => RespoolAsync(letter, cancellationToken),
        _ when letter.IsCut => ValueTask.FromResult(new DeadLetterResult(
            0, letter.Code, "Only the beginning of the payload was kept.")),
        _ => RepublishAsync(letter, cancellationToken),
    };

    // It was accepted once, so nobody is asked again whether it may; only we write these codes.
    private async ValueTask<DeadLetterResult> RespoolAsync(RejectedPayload letter, CancellationToken cancellationToken)
    {
        if (!SpoolRecord.TryDecode(letter.Payload.Span, out var received, out _) || received is null)
        {
            return new DeadLetterResult(0, letter.Code, "It is not a record of positions.");
        }

        return await gate.TryAppendAsync(letter.Payload, cancellationToken)
            ? new DeadLetterResult(received.Positions.Count, null, null)
            : Unavailable;
    }

    private async ValueTask<DeadLetterResult> RepublishAsync(RejectedPayload letter, CancellationToken cancellationToken)
    {
        var client = Topics.TryParsePosition(letter.Topic, out var target) && target is { Role: PositionRole.Customer, RequestId: { } id }
            ? ClientIdentity.Customer(id)
            : ClientIdentity.Device(letter.DeviceId);
        var dialect = ForeignPayloads.DialectOf(letter.Dialect);
        var publish = new PositionPublish(client, letter.Topic, letter.ContentType, letter.Payload)
        {
            Dialect = dialect ?? PayloadDialect.Own,
            ReceivedAt = letter.ReceivedAt,
        };
        var result = await intake.TakeAsync(publish, cancellationToken);
        if (result.ErrorCode == PositionError.UnknownContentTypeCode)
        {
            // A wrong label on what may be right: who takes it in again has looked at it.
            result = await intake.TakeAsync(publish with { ContentType = null }, cancellationToken);
        }

        // An old letter does not say by which door it came: what begins like a form came by that of OsmAnd.
        if (dialect is null && result.Code == IntakeCode.PayloadInvalid && IsForm(letter.Payload.Span))
        {
            result = await intake.TakeAsync(
                publish with { ContentType = OsmAndCodec.FormContentType, Dialect = PayloadDialect.OsmAnd }, cancellationToken);
        }

        return result.Code switch
        {
            IntakeCode.Accepted => new DeadLetterResult(
                result.Count, result.ErrorCode, result.ErrorCode is null ? null : "A part of it is bad; the rest was taken in."),
            IntakeCode.NotAuthorized => new DeadLetterResult(0, FrontDoorErrors.PublishNotAllowed, result.Detail),
            IntakeCode.PayloadInvalid => new DeadLetterResult(0, result.ErrorCode ?? letter.Code, result.Detail),
            _ => Unavailable,
        };
    }

    private static bool IsForm(ReadOnlySpan<byte> payload) =>
        payload.Length > 1 && (payload[0] == '?' || payload[0] == '&' || char.IsAsciiLetter((char)payload[0])) && payload.Contains((byte)'=');

    private static DeadLetterResult Unavailable => new(
        0, FrontDoorErrors.SpoolUnavailable, "Positions cannot be stored at the moment; try again.");
}
