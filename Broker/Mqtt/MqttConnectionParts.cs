using ArtMqtt.Broker.Auth;
using ArtMqtt.Broker.Intake;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ArtMqtt.Broker.Mqtt;

/// <summary>What all MQTT connections share.</summary>
internal sealed class MqttConnectionParts(
    ClientAdmission admission, TopicPolicy policy, PositionIntake intake, LivePublisher live, ConnectedClients clients,
    BrokerMetrics metrics, IOptions<BrokerOptions> options, TimeProvider time, ILogger<MqttChannel> logger)
{
    public ClientAdmission Admission { get; } = admission;

    public TopicPolicy Policy { get; } = policy;

    public PositionIntake Intake { get; } = intake;

    public LivePublisher Live { get; } = live;

    public ConnectedClients Clients { get; } = clients;

    public BrokerMetrics Metrics { get; } = metrics;

    public BrokerOptions Options { get; } = options.Value;

    public TimeProvider Time { get; } = time;

    public ILogger Logger { get; } = logger;
}
