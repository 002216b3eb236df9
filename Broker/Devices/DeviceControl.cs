using System.Text.Json;
using ArtMqtt.Broker.Mqtt.Routing;
using ArtMqtt.Contracts;
using ArtMqtt.Contracts.Fleet;
using Microsoft.Extensions.Options;

namespace ArtMqtt.Broker.Devices;

/// <summary>Tells a device, retained, which request it drives for and how often it is worth sending (docs/wire-format.md).</summary>
internal sealed class DeviceControl(
    ServerTopics topics, IFleetDirectory directory, IOptions<DeviceControlOptions> options)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Guid?> _told = new(StringComparer.Ordinal);
    private readonly DeviceControlOptions _options = options.Value;

    /// <summary>Tells the device when something has changed for it.</summary>
    public void Update(string deviceId)
    {
        lock (_gate)
        {
            // Asked under the lock: who looked first must not have the last word.
            var request = directory.FindActiveRequestOf(deviceId);
            if (_told.TryGetValue(deviceId, out var before) && before == request?.RequestId)
            {
                return;
            }

            _told[deviceId] = request?.RequestId;
            Tell(deviceId, request);
        }
    }

    /// <summary>What the device is told now, as JSON, for those that are told with their answers.</summary>
    public byte[] Find(string deviceId) => Write(directory.FindActiveRequestOf(deviceId));

    private byte[] Write(FleetRequest? request)
    {
        var control = request is null
            ? new Control(null, (long)_options.IdleInterval.TotalMilliseconds, _options.IdleDisplacement)
            : new Control(
                request.RequestId, (long)_options.ActiveInterval.TotalMilliseconds, _options.ActiveDisplacement);
        return JsonSerializer.SerializeToUtf8Bytes(control, JsonSerializerOptions.Web);
    }

    private void Tell(string deviceId, FleetRequest? request)
    {
        var json = Write(request);
        var topic = Topics.DeviceControl(deviceId);
        if (topics.FindState(topic) is not { } before || !before.Span.SequenceEqual(json))
        {
            topics.PublishState(topic, json, isNewestWins: true);
        }
    }

    private sealed record Control(Guid? RequestId, long IntervalMs, int MinDisplacementM);
}
