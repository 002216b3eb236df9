using ArtMqtt.DeviceAgent.Commands;

namespace ArtMqtt.DeviceAgent.Demo;

/// <summary>The demo's devices on the server, with their secrets kept for the next start.</summary>
internal static class DemoDevices
{
    /// <summary>The secrets of all devices; creates what is missing and writes what is new.</summary>
    public static async Task<IReadOnlyList<DeviceCredential>> ObtainAsync(
        DispatcherApi api, string path, IReadOnlyList<string> deviceIds, CancellationToken cancellationToken)
    {
        var known = (File.Exists(path) ? DeviceCredential.ReadAll(path) : []).ToDictionary(d => d.DeviceId);
        foreach (var deviceId in deviceIds)
        {
            if (known.ContainsKey(deviceId) && await api.HasDeviceAsync(deviceId, cancellationToken))
            {
                continue;
            }

            // Kept at once: a secret that is lost now is lost for ever.
            known[deviceId] = new DeviceCredential(
                deviceId, await api.ObtainSecretAsync(deviceId, cancellationToken));
            DeviceCredential.WriteAll(path, known.Values);
        }

        return [.. deviceIds.Select(id => known[id])];
    }
}
