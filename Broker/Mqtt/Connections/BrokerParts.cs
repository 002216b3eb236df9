using ArtMqtt.Broker.Auth;
using ArtMqtt.Broker.Devices;
using ArtMqtt.Broker.Intake;
using ArtMqtt.Broker.Mqtt.Limits;
using ArtMqtt.Broker.Mqtt.Routing;
using ArtMqtt.Broker.Mqtt.Sessions;
using ArtMqtt.Broker.Mqtt.Storage;
using ArtMqtt.Contracts.Clients;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ArtMqtt.Broker.Mqtt.Connections;

/// <summary>What all MQTT connections share.</summary>
internal sealed class BrokerParts(
    ClientAdmission admission, TopicPolicy policy, Denials denials, ClientPublishes publishes, LivePublisher live, SessionTable sessions,
    TopicIndex index, MessageRouter router, ClientConnections clients, ConnectedDevices devices, IEnumerable<IClientClaims> claims, BrokerMetrics metrics,
    IOptions<BrokerOptions> options, IOptions<BrokerStateOptions> state, TimeProvider time,
    ILogger<ClientConnection> logger)
{
    public ClientAdmission Admission { get; } = admission;

    public TopicPolicy Policy { get; } = policy;

    public Denials Denials { get; } = denials;

    public ClientPublishes Publishes { get; } = publishes;

    public LivePublisher Live { get; } = live;

    public SessionTable Sessions { get; } = sessions;

    public TopicIndex Index { get; } = index;

    public MessageRouter Router { get; } = router;

    public ClientConnections Clients { get; } = clients;

    public ConnectedDevices Devices { get; } = devices;

    /// <summary>Which of several nodes has a client; null where there is one node.</summary>
    public IClientClaims? Claims { get; } = claims.FirstOrDefault();

    public BrokerMetrics Metrics { get; } = metrics;

    /// <summary>How fast clients may sign in.</summary>
    public Pace Connects { get; } = new(options.Value.MaxConnectsPerSecond, time);

    public BrokerOptions Options { get; } = options.Value;

    public BrokerStateOptions State { get; } = state.Value;

    public TimeProvider Time { get; } = time;

    public ILogger Logger { get; } = logger;
}
