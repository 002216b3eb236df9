using ArtMqtt.Broker.Auth;
using ArtMqtt.Broker.Intake;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ArtMqtt.Broker.Mqtt;

/// <summary>What all MQTT connections share.</summary>
internal sealed class MqttConnectionParts(
    ClientAuthenticator authenticator, TopicPolicy policy, PositionIntake intake, LivePublisher live,
    ConnectedClients clients, BrokerMetrics metrics, IOptions<BrokerOptions> options, TimeProvider time,
    ILogger<MqttChannel> logger)
{
    public ClientAuthenticator Authenticator { get; } = authenticator;

    public TopicPolicy Policy { get; } = policy;

    public PositionIntake Intake { get; } = intake;

    public LivePublisher Live { get; } = live;

    public ConnectedClients Clients { get; } = clients;

    public BrokerMetrics Metrics { get; } = metrics;

    public BrokerOptions Options { get; } = options.Value;

    public TimeProvider Time { get; } = time;

    public ILogger Logger { get; } = logger;

    /// <summary>Keeps refused connects from filling the log.</summary>
    public LogLimiter RefusalLog { get; } = new(TimeSpan.FromSeconds(10), time);
}
