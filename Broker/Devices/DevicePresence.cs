using System.Text.Json;
using ArtMqtt.Broker.Mqtt.Routing;
using ArtMqtt.Contracts;

namespace ArtMqtt.Broker.Devices;

/// <summary>
/// Tells, retained, whether a device is connected (docs/wire-format.md). A device that takes over its own connection
/// stays online; one that was online when the broker stopped and does not come back goes offline after a while.
/// </summary>
internal sealed class DevicePresence(ServerTopics topics, TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, int> _connections = new(StringComparer.Ordinal);

    /// <summary>A connection of the device was opened.</summary>
    public void Entered(string deviceId)
    {
        lock (_gate)
        {
            var count = _connections.GetValueOrDefault(deviceId) + 1;
            _connections[deviceId] = count;
            if (count == 1)
            {
                Publish(deviceId, "online");
            }
        }
    }

    /// <summary>A connection of the device has ended, whatever the reason.</summary>
    public void Left(string deviceId)
    {
        lock (_gate)
        {
            var count = _connections.GetValueOrDefault(deviceId) - 1;
            if (count > 0)
            {
                _connections[deviceId] = count;
            }
            else if (_connections.Remove(deviceId))
            {
                Publish(deviceId, "offline");
            }
        }
    }

    /// <summary>Sends devices offline that were online before the broker stopped, and are not connected.</summary>
    public void ForgetAbsent()
    {
        foreach (var topic in topics.FindTopics(Topics.AllPresences))
        {
            lock (_gate)
            {
                if (Topics.TryParseDevice(topic, out var deviceId, out _) && !_connections.ContainsKey(deviceId)
                    && topics.FindState(topic) is { } json && IsOnline(json))
                {
                    Publish(deviceId, "offline");
                }
            }
        }
    }

    private void Publish(string deviceId, string state) => topics.PublishState(
        Topics.DevicePresence(deviceId),
        JsonSerializer.SerializeToUtf8Bytes(
            new Presence(state, time.GetUtcNow().ToUnixTimeMilliseconds()), JsonSerializerOptions.Web),
        isNewestWins: true);

    private static bool IsOnline(ReadOnlyMemory<byte> json)
    {
        try
        {
            return JsonSerializer.Deserialize<Presence>(json.Span, JsonSerializerOptions.Web) is { State: "online" };
        }
        catch (JsonException)
        {
            // Left there by somebody in the conformance profile.
            return false;
        }
    }

    private sealed record Presence(string State, long Since);
}
