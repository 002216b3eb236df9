using ArtMqtt.Broker.Auth;
using ArtMqtt.Broker.Intake;
using ArtMqtt.Contracts;
using ArtMqtt.Contracts.Positions;

namespace ArtMqtt.Broker.FrontDoors;

/// <summary>The door for callers that the gateway has signed in, on its hub.</summary>
internal sealed class PositionDoor(FrontDoor door) : IPositionDoor
{
    /// <inheritdoc/>
    public async ValueTask<PositionDoorResult> PublishAsync(
        PositionCaller caller, Guid requestId, PositionRole role, ReadOnlyMemory<byte> json)
    {
        var client = caller switch
        {
            { DeviceId: { } deviceId } => ClientIdentity.Device(deviceId),
            { CustomerOf: { } own } => ClientIdentity.Customer(own),
            _ => ClientIdentity.Dispatcher,
        };
        var result = await door.TakeAsync(new PositionPublish(
            client, Topics.RequestPosition(requestId, role), PositionCodec.JsonContentType, json));
        return result.Code switch
        {
            IntakeCode.Accepted => new PositionDoorResult(result.Count, null, null),
            IntakeCode.NotAuthorized => new PositionDoorResult(
                0, FrontDoorErrors.PublishNotAllowed, "You may not publish positions here (now)."),
            IntakeCode.PayloadInvalid => new PositionDoorResult(
                0, result.ErrorCode ?? FrontDoorErrors.InvalidRequest, result.Detail),
            _ => new PositionDoorResult(0, FrontDoorErrors.SpoolUnavailable, result.Detail),
        };
    }
}
