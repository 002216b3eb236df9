using System.Text.Json;
using ArtMqtt.Contracts;

namespace ArtMqtt.DeviceAgent.Commands;

/// <summary>A device and its secret, as kept in a file: <c>[{"deviceId":"…","secret":"…"}]</c>.</summary>
internal sealed record DeviceCredential(string DeviceId, string Secret)
{
    /// <summary>Reads the file.</summary>
    /// <exception cref="UsageException">It cannot be read, or holds something else.</exception>
    public static IReadOnlyList<DeviceCredential> ReadAll(string path)
    {
        try
        {
            using var stream = File.OpenRead(path);
            var all = JsonSerializer.Deserialize(stream, AgentJson.Default.ListDeviceCredential) ?? [];
            return all.TrueForAll(d => DeviceIds.IsValid(d.DeviceId) && !string.IsNullOrEmpty(d.Secret))
                ? all
                : throw new UsageException($"{path}: every entry needs a valid deviceId and a secret.");
        }
        catch (JsonException e)
        {
            throw new UsageException($"{path}, line {(e.LineNumber ?? 0) + 1}: not a list of {{deviceId, secret}}.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"{path}: {e.Message}");
        }
    }

    /// <summary>Writes the file, readable by its owner only; a crash leaves the old one.</summary>
    public static void WriteAll(string path, IEnumerable<DeviceCredential> credentials) =>
        PrivateFile.Write(path, JsonSerializer.SerializeToUtf8Bytes(credentials.ToList(), AgentJson.Indented.ListDeviceCredential));
}
