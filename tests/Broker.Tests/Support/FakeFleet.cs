using System.Collections.Concurrent;
using ArtMqtt.Contracts.Fleet;
using ArtMqtt.Contracts.Requests;
using ArtMqtt.Contracts.Security;

namespace ArtMqtt.Broker.Tests.Support;

/// <summary>A directory that tests fill by hand.</summary>
internal sealed class FakeFleet : IFleetDirectory
{
    private readonly ConcurrentDictionary<string, FleetDevice> _devices = new();
    private readonly ConcurrentDictionary<Guid, FleetRequest> _requests = new();
    private int _keys;

    public CredentialHasher Hasher { get; } = new(Enumerable.Repeat((byte)7, 32).ToArray());

    public bool IsLoaded { get; set; } = true;

    public bool IsCurrent { get; set; } = true;

    public long Version { get; set; }

    public IEnumerable<FleetDevice> Devices => _devices.Values;

    public IEnumerable<FleetRequest> Requests => _requests.Values;

    public FleetDevice? FindDevice(string deviceId) => _devices.GetValueOrDefault(deviceId);

    public FleetRequest? FindRequest(Guid requestId) => _requests.GetValueOrDefault(requestId);

    public FleetRequest? FindActiveRequestOf(string deviceId) =>
        _requests.Values.FirstOrDefault(r => r.DeviceId == deviceId);

    /// <summary>Adds a device whose secret is <c>secret-{deviceId}</c>.</summary>
    public FleetDevice AddDevice(string deviceId, bool isEnabled = true)
    {
        Version++;
        return _devices[deviceId] = new FleetDevice(++_keys, deviceId, Hasher.Hash($"secret-{deviceId}"), isEnabled);
    }

    /// <summary>Changes a device; null removes it.</summary>
    public void Change(string deviceId, Func<FleetDevice, FleetDevice?> change)
    {
        if (change(_devices[deviceId]) is { } changed)
        {
            _devices[deviceId] = changed;
        }
        else
        {
            _devices.TryRemove(deviceId, out _);
        }

        Version++;
    }

    /// <summary>Adds a request; returns it and its customer's token.</summary>
    public (FleetRequest Request, string Token) AddRequest(
        string? deviceId = null, RequestStatus status = RequestStatus.Assigned, DateTimeOffset? assignedAt = null)
    {
        var id = Guid.NewGuid();
        var token = AccessToken.NewCustomer(id);
        var request = new FleetRequest(id, status, deviceId, ++_keys, Hasher.Hash(token.Secret), assignedAt);
        _requests[id] = request;
        Version++;
        return (request, token.ToString());
    }

    /// <summary>Changes a request; null ends it.</summary>
    public void Change(Guid requestId, Func<FleetRequest, FleetRequest?> change)
    {
        if (change(_requests[requestId]) is { } changed)
        {
            _requests[requestId] = changed;
        }
        else
        {
            _requests.TryRemove(requestId, out _);
        }

        Version++;
    }
}
