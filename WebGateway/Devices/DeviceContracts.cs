using ArtMqtt.Store.Devices;

namespace ArtMqtt.WebGateway.Devices;

/// <summary>What a new device needs.</summary>
/// <param name="DeviceId">1 to 64 of a-z 0-9 . _ -; also its MQTT user name.</param>
/// <param name="Name">For people; at most 200 characters.</param>
internal sealed record CreateDeviceBody(string DeviceId, string? Name = null);

/// <summary>A device as it is shown.</summary>
internal sealed record DeviceView(string DeviceId, string? Name, bool IsEnabled, DateTimeOffset CreatedAt)
{
    public static DeviceView Of(DeviceRecord device) =>
        new(device.DeviceId, device.Name, device.IsEnabled, device.CreatedAt);
}

/// <summary>A device with its new secret (the MQTT password), which is shown this once.</summary>
internal sealed record DeviceSecretView(string DeviceId, string? Name, string Secret);

/// <summary>A page of devices, by id.</summary>
/// <param name="Items">The devices.</param>
/// <param name="Next">Give it back as <c>after</c> for the next page; null on the last.</param>
internal sealed record DevicePage(IReadOnlyList<DeviceView> Items, string? Next);
