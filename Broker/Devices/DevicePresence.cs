using System.Text.Json;
using ArtMqtt.Broker.Mqtt.Routing;
using ArtMqtt.Contracts;
using ArtMqtt.Contracts.Devices;
using ArtMqtt.Contracts.Fleet;
using ArtMqtt.Contracts.Live;
using ArtMqtt.Live;

namespace ArtMqtt.Broker.Devices;

/// <summary>
/// Tells whether a device is connected: retained, to those who watch devices, and to those who watch the request it
/// serves (docs/wire-format.md). A device that takes over its own connection stays online; one that was online when the
/// broker stopped and does not come back goes offline after a while. Of several nodes, the one where it happens tells who watches
/// the request; each tells its own MQTT clients.
/// </summary>
internal sealed class DevicePresence(
    ServerTopics topics, IFleetDirectory directory, ILiveStreams streams, IEnumerable<IDevicesElsewhere> elsewhere, TimeProvider time)
{
    // What another node tells of a device that went there takes less.
    private static readonly TimeSpan _moveTime = TimeSpan.FromSeconds(5);

    private readonly IDevicesElsewhere? _elsewhere = elsewhere.FirstOrDefault();
    private readonly Lock _gate = new();
    private readonly Dictionary<string, int> _connections = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Guid> _told = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> _movedAt = new(StringComparer.Ordinal);

    /// <summary>Whether it is known which devices are connected to other nodes.</summary>
    public bool IsKnown => _elsewhere?.IsKnown ?? true;

    private long Now => time.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>A connection of the device was opened.</summary>
    public void Entered(string deviceId)
    {
        lock (_gate)
        {
            var count = _connections.GetValueOrDefault(deviceId) + 1;
            _connections[deviceId] = count;
            if (count == 1)
            {
                _movedAt.Remove(deviceId);
                var since = _elsewhere?.Find(deviceId) ?? Now;
                _elsewhere?.Report(deviceId, since);
                Publish(deviceId, PresenceEvent.Online, since);
            }
        }
    }

    /// <summary>A connection of the device has ended, whatever the reason.</summary>
    /// <param name="deviceId">The device.</param>
    /// <param name="isElsewhere">Whether its client has gone to another node, which is about to tell so.</param>
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
                _elsewhere?.Report(deviceId, null);
                if (isElsewhere)
                {
                    _movedAt[deviceId] = time.GetTimestamp();
                }
                else if (_elsewhere?.Find(deviceId) is not null)
                {
                    isElsewhere = true;
                }
                else
                {
                    Publish(deviceId, PresenceEvent.Offline, Now);
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

    /// <summary>Another node has the device now, or has it no more.</summary>
    public void Follow(string deviceId)
    {
        lock (_gate)
        {
            var since = _elsewhere?.Find(deviceId);
            if (_connections.ContainsKey(deviceId))
            {
                // The other one may have told that it left after it had come here.
                if (since is null && Find(deviceId) is { } presence)
                {
                    _told.Remove(deviceId);
                    Show(deviceId, presence);
                }

                return;
            }

            if (since is not null)
            {
                _movedAt.Remove(deviceId);
            }

            var state = since is null ? PresenceEvent.Offline : PresenceEvent.Online;
            var before = Find(deviceId)?.State;
            if (before != state && !(before is null && since is null) && !_movedAt.ContainsKey(deviceId))
            {
                Retain(deviceId, new PresenceEvent(state, since ?? Now));
            }
        }
    }

    /// <summary>The node that had the device is gone: says that it is offline, unless it has come elsewhere.</summary>
    /// <returns>Whether it is offline.</returns>
    public bool Abandon(string deviceId)
    {
        lock (_gate)
        {
            if (_connections.ContainsKey(deviceId) || _elsewhere?.Find(deviceId) is not null)
            {
                return false;
            }

            Publish(deviceId, PresenceEvent.Offline, Now);
            return true;
        }
    }

    /// <summary>Tells again that the devices of this node are online.</summary>
    /// <returns>Which they are.</returns>
    public IReadOnlyList<string> TellAgain()
    {
        lock (_gate)
        {
            foreach (var deviceId in _connections.Keys)
            {
                Publish(deviceId, PresenceEvent.Online, Find(deviceId)?.Since ?? Now);
            }

            return [.. _connections.Keys];
        }
    }

    /// <summary>Sends devices offline that went to another node, which has never told of them.</summary>
    /// <returns>Which they are.</returns>
    public IReadOnlyList<string> ForgetMoved()
    {
        lock (_gate)
        {
            var lost = new List<string>();
            foreach (var (deviceId, at) in _movedAt)
            {
                if (IsKnown && time.GetElapsedTime(at) >= _moveTime)
                {
                    _movedAt.Remove(deviceId);
                    if (Abandon(deviceId))
                    {
                        lost.Add(deviceId);
                    }
                }
            }

            return lost;
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
                if (Topics.TryParseDevice(topic, out var deviceId, out _) && Find(deviceId) is { State: PresenceEvent.Online }
                    && Abandon(deviceId))
                {
                    absent.Add(deviceId);
                }
            }
        }

        return absent;
    }

    private void Publish(string deviceId, string state, long since)
    {
        var presence = new PresenceEvent(state, since);
        Retain(deviceId, presence);
        _told.Remove(deviceId);
        Show(deviceId, presence);
    }

    private void Retain(string deviceId, PresenceEvent presence)
    {
        // A device that came from another node is online as before.
        if (Find(deviceId) != presence)
        {
            topics.PublishState(
                Topics.DevicePresence(deviceId), JsonSerializer.SerializeToUtf8Bytes(presence, JsonSerializerOptions.Web),
                isNewestWins: true);
        }
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
