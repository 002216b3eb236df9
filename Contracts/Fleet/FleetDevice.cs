namespace ArtMqtt.Contracts.Fleet;

/// <summary>A device as the broker knows it.</summary>
/// <param name="Key">Integer key in the store, above 0.</param>
/// <param name="DeviceId">Its name (<see cref="DeviceIds"/>).</param>
/// <param name="SecretHash">Keyed hash of its secret (<see cref="Security.CredentialHasher"/>).</param>
/// <param name="IsEnabled">Whether it may connect.</param>
public sealed record FleetDevice(int Key, string DeviceId, ReadOnlyMemory<byte> SecretHash, bool IsEnabled);
