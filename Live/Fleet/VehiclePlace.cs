using ArtMqtt.Contracts.Positions;

namespace ArtMqtt.Live.Fleet;

/// <summary>Where a vehicle is.</summary>
/// <param name="DeviceKey">Integer key of its device.</param>
/// <param name="Position">The newest there is.</param>
/// <param name="Version">Of <see cref="FleetPlaces"/>, when it was last changed.</param>
public readonly record struct VehiclePlace(int DeviceKey, Position Position, long Version);
