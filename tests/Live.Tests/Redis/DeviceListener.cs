using System.Collections.Concurrent;
using ArtMqtt.Contracts.Devices;

namespace ArtMqtt.Live.Tests.Redis;

/// <summary>What a node was told of the devices of others.</summary>
internal sealed class DeviceListener : IDevicesElsewhereListener
{
    public ConcurrentQueue<string> Changed { get; } = [];

    public ConcurrentQueue<string> Abandoned { get; } = [];

    public void OnChanged(string deviceId) => Changed.Enqueue(deviceId);

    public void OnAbandoned(string deviceId) => Abandoned.Enqueue(deviceId);

    public void OnGivenUp()
    {
    }
}
