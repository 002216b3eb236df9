using ArtMqtt.Contracts.Positions;
using ArtMqtt.Store.Routes;

namespace ArtMqtt.WebGateway.Exports;

/// <summary>A position and whose it is.</summary>
/// <param name="DeviceId">What reported it; null for a customer.</param>
/// <param name="Title">What people call it.</param>
/// <param name="Point">The position as stored.</param>
internal readonly record struct ExportedPosition(string? DeviceId, string Title, RoutePoint Point)
{
    public Position Position => Point.Position;

    /// <summary><c>device</c>, <c>operator</c> or <c>customer</c>.</summary>
    public string Role => Point.Role switch
    {
        PositionRole.Device => "device",
        PositionRole.Operator => "operator",
        _ => "customer",
    };
}
