using System.Text.Json;
using ArtMqtt.Broker.Mqtt.Routing;
using ArtMqtt.Contracts;
using ArtMqtt.Contracts.Fleet;
using ArtMqtt.Contracts.Live;
using ArtMqtt.Live;

namespace ArtMqtt.Broker.Devices;

/// <summary>
/// Tells whether a device is connected: retained, to those who watch devices, and to those who watch the request it
/// serves (docs/wire-format.md). A device that takes over its own connection stays online; one that was online when the
/// broker stopped and does not come back goes offline after a while.
/// </summary>
internal sealed class DevicePresence(
    ServerTopics topics, IFleetDirectory directory, ILiveStreams streams, TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, int> _connections = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Guid> _told = new(StringComparer.Ordinal);

    /// <summary>A connection of the device was opened.</summary>
    public void Entered(string deviceId)
    {
        lock (_gate)
        {
            var count = _connections.GetValueOrDefault(deviceId) + 1;
            _connections[deviceId] = count;
            if (count == 1)
            {
                Publish(deviceId, PresenceEvent.Online);
            }
        }
    }

    /// <summary>A connection of the device has ended, whatever the reason.</summary>
    /// <param name="deviceId">The device.</param>
    /// <param name="isElsewhere">Whether it is connected to another node, which tells so.</param>
    /// <returns>Whether it has another one.</returns>
    public bool Left(string deviceId, bool isElsewhere)
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
                if (isElsewhere)
                {
                    // What is retained here would not follow it any more.
                    topics.Forget(Topics.DevicePresence(deviceId));
                }
                else
                {
                    Publish(deviceId, PresenceEvent.Offline);
                }

                _told.Remove(deviceId);
            }

            return isElsewhere || count > 0;
        }
    }

    /// <summary>A connected device may serve another request now.</summary>
    public void Update(string deviceId)
    {
        lock (_gate)
        {
            if (_connections.ContainsKey(deviceId) && Find(deviceId) is { } presence)
            {
                Show(deviceId, presence);
            }
        }
    }

    /// <summary>Sends devices offline that were online before the broker stopped, and are not connected.</summary>
    /// <returns>Which they are.</returns>
    public IReadOnlyList<string> ForgetAbsent()
    {
        var absent = new List<string>();
        foreach (var topic in topics.FindTopics(Topics.AllPresences))
        {
            lock (_gate)
            {
                if (Topics.TryParseDevice(topic, out var deviceId, out _) && !_connections.ContainsKey(deviceId)
                    && Find(deviceId) is { State: PresenceEvent.Online })
                {
                    Publish(deviceId, PresenceEvent.Offline);
                    absent.Add(deviceId);
                }
            }
        }

        return absent;
    }

    private void Publish(string deviceId, string state)
    {
        var presence = new PresenceEvent(state, time.GetUtcNow().ToUnixTimeMilliseconds());
        topics.PublishState(
            Topics.DevicePresence(deviceId), JsonSerializer.SerializeToUtf8Bytes(presence, JsonSerializerOptions.Web),
            isNewestWins: true);
        _told.Remove(deviceId);
        Show(deviceId, presence);
    }

    private void Show(string deviceId, PresenceEvent presence)
    {
        var request = directory.FindActiveRequestOf(deviceId)?.RequestId;
        if (request is { } requestId && (!_told.TryGetValue(deviceId, out var told) || told != requestId))
        {
            _told[deviceId] = requestId;
            // In memory: done when it returns. Of several nodes one connection keeps the order.
            _ = streams.PublishAsync(requestId, presence, CancellationToken.None).AsTask();
        }
    }

    private PresenceEvent? Find(string deviceId)
    {
        try
        {
            return topics.FindState(Topics.DevicePresence(deviceId)) is { } json
                ? JsonSerializer.Deserialize<PresenceEvent>(json.Span, JsonSerializerOptions.Web)
                : null;
        }
        catch (JsonException)
        {
            // Left there by somebody in the conformance profile.
            return null;
        }
    }
}
