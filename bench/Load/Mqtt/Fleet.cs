using System.Diagnostics;
using System.Net;
using ArtMqtt.Contracts;
using ArtMqtt.Contracts.Positions;
using ArtMqtt.Load.Positions;
using ArtMqtt.Load.Sockets;

namespace ArtMqtt.Load.Mqtt;

/// <summary>All connections of one run on one loop.</summary>
internal sealed class Fleet(EpollLoop loop, IPEndPoint server, MqttVersion version, PublishRun run) : IDisposable
{
    private const int ConnectsAtOnce = 64;
    private static readonly TimeSpan _connectTimeout = TimeSpan.FromSeconds(30);

    private readonly List<DevicePublisher> _publishers = [];
    private readonly List<TrivialSubscriber> _subscribers = [];

    /// <summary>The devices, in the order of their logins.</summary>
    public IReadOnlyList<DevicePublisher> Publishers => _publishers;

    /// <summary>Whether any publisher is still connected.</summary>
    public bool HasLiving => _publishers.Exists(publisher => publisher.Ended is null);

    /// <summary>Why connections ended, with how many did.</summary>
    public IReadOnlyDictionary<string, int> Failures => _publishers.Cast<MqttConnection>().Concat(_subscribers)
        .Where(connection => connection.Ended is not null)
        .GroupBy(connection => connection.Ended!)
        .ToDictionary(group => group.Key, group => group.Count());

    /// <summary>Connects subscribers that take every device's positions; returns when all are subscribed.</summary>
    public void Subscribe(int count, CancellationToken cancellationToken)
    {
        const string Filter = "art/devices/+/position";
        for (var i = 0; i < count; i++)
        {
            var connect = MqttPackets.Connect(version, $"bench-subscriber-{i}", null, null);
            _subscribers.Add(new TrivialSubscriber(
                loop, Loopback.Connect(server), run, connect, MqttPackets.Subscribe(version, Filter)));
        }

        WaitUntil(() => _subscribers.All(s => s.IsReady), cancellationToken);
    }

    /// <summary>Connects one publisher for each login; returns when all are accepted.</summary>
    public void Connect(
        IReadOnlyList<DeviceLogin> logins, int inFlight, long firstFixMs, int stepMs, CancellationToken cancellationToken)
    {
        var payload = PositionTemplate.Create();
        foreach (var login in logins)
        {
            var template = MqttPackets.Publish(
                version, Topics.DevicePosition(login.DeviceId), payload, PositionCodec.ProtobufContentType);
            var user = login.Secret is null ? null : login.DeviceId;
            _publishers.Add(new DevicePublisher(
                loop, Loopback.Connect(server), run, MqttPackets.Connect(version, login.DeviceId, user, login.Secret),
                template, new Journey(_publishers.Count, firstFixMs, stepMs), inFlight));
            WaitUntil(() => _publishers.Count(p => !p.IsReady) < ConnectsAtOnce, cancellationToken);
        }

        WaitUntil(() => _publishers.All(p => p.IsReady), cancellationToken);
    }

    /// <summary>Says goodbye on every connection and closes it.</summary>
    public void Dispose()
    {
        foreach (var connection in _publishers.Cast<MqttConnection>().Concat(_subscribers))
        {
            connection.Send(MqttPackets.Disconnect);
            connection.Dispose();
        }
    }

    private void WaitUntil(Func<bool> isReady, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        while (!isReady())
        {
            cancellationToken.ThrowIfCancellationRequested();
            loop.Poll(20);
            if (Failures.Count > 0)
            {
                throw new InvalidOperationException(
                    "Could not connect: " + string.Join("; ", Failures.Select(f => $"{f.Key} ({f.Value}x)")));
            }

            if (Stopwatch.GetElapsedTime(started) > _connectTimeout)
            {
                throw new TimeoutException($"Not all connections were accepted within {_connectTimeout}.");
            }
        }
    }
}
