using System.Net;
using ArtMqtt.Contracts;
using ArtMqtt.Contracts.Positions;
using ArtMqtt.Load.Mqtt;
using ArtMqtt.Load.Node;
using ArtMqtt.Load.Positions;
using ArtMqtt.Load.Sockets;

namespace ArtMqtt.Load.Live;

/// <summary>A node: devices publish over MQTT with QoS 1, so each position is checked, spooled with an fsync and stored.</summary>
internal sealed class NodeServer(
    NodeApi api, IPEndPoint http, IPEndPoint mqtt, bool packs) : ILiveServer, IDisposable
{
    private readonly List<TrackedRequest> _requests = [];
    private readonly List<StampedPublisher> _devices = [];

    /// <inheritdoc/>
    public bool IsPrepared => _devices.TrueForAll(device => device.IsReady);

    /// <summary>The requests.</summary>
    public IReadOnlyList<TrackedRequest> Requests => _requests;

    /// <inheritdoc/>
    public async Task PrepareAsync(EpollLoop loop, int requests, CancellationToken cancellationToken)
    {
        var payload = PositionTemplate.Create();
        for (var i = 0; i < requests; i++)
        {
            var login = await api.ProvideDeviceAsync($"live-{Guid.NewGuid():N}", cancellationToken);
            _requests.Add(await api.StartRequestAsync(login.DeviceId, cancellationToken));
            var template = MqttPackets.Publish(
                MqttVersion.V5, Topics.DevicePosition(login.DeviceId), payload, PositionCodec.ProtobufContentType);
            _devices.Add(new StampedPublisher(
                loop, Loopback.Connect(mqtt),
                MqttPackets.Connect(MqttVersion.V5, login.DeviceId, login.DeviceId, login.Secret), template));
        }
    }

    /// <inheritdoc/>
    public WebSocketClient Watch(EpollLoop loop, LiveTally tally, int request) =>
        new HubWatcher(loop, Loopback.Connect(http), tally, _requests[request], packs);

    /// <inheritdoc/>
    public void Publish(int request) => _devices[request].Publish();

    /// <inheritdoc/>
    public void Dispose() => _devices.ForEach(device => device.Dispose());
}
