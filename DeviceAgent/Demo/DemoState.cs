using System.Text.Json;
using ArtMqtt.DeviceAgent.Commands;

namespace ArtMqtt.DeviceAgent.Demo;

/// <summary>What is going on, in <c>demo.json</c>: for people, for scripts, and for tidying up at the next start.</summary>
internal sealed class DemoState(string path, string server, DemoGuest guest)
{
    private readonly Lock _lock = new();
    private readonly SortedDictionary<string, DemoJobState> _jobs = new(StringComparer.Ordinal);

    /// <summary>The jobs of the last run; none when there was no such run.</summary>
    public static IReadOnlyCollection<DemoJobState> ReadJobs(string path)
    {
        try
        {
            using var stream = File.OpenRead(path);
            return JsonSerializer.Deserialize(stream, AgentJson.Default.DemoContent)?.Jobs ?? [];
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    /// <summary>A vehicle has a new job.</summary>
    public void Set(string deviceId, DemoRequest request)
    {
        lock (_lock)
        {
            _jobs[deviceId] = new DemoJobState(deviceId, request.RequestId, request.TrackingUrl);
            var content = new DemoContent(server, guest, [.. _jobs.Values]);
            PrivateFile.Write(path, JsonSerializer.SerializeToUtf8Bytes(content, AgentJson.Indented.DemoContent));
        }
    }
}

/// <summary>The file.</summary>
/// <param name="Server">Address of the server.</param>
/// <param name="Guest">The device that is free.</param>
/// <param name="Jobs">What the vehicles are doing.</param>
internal sealed record DemoContent(string Server, DemoGuest Guest, IReadOnlyCollection<DemoJobState> Jobs);

/// <summary>The device that is free for the user's own experiments.</summary>
/// <param name="DeviceId">Its id.</param>
/// <param name="SecretFile">File with its secret.</param>
internal sealed record DemoGuest(string DeviceId, string SecretFile);

/// <summary>What a vehicle is doing.</summary>
/// <param name="DeviceId">The vehicle.</param>
/// <param name="RequestId">The request it serves.</param>
/// <param name="CustomerUrl">The link of the customer who waits for it.</param>
internal sealed record DemoJobState(string DeviceId, Guid RequestId, string CustomerUrl);
