using ArtMqtt.Broker.Mqtt.Routing;
using ArtMqtt.Broker.Mqtt.Storage;
using ArtMqtt.Broker.Tests.Support;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using MQTTnet;
using MQTTnet.Protocol;

namespace ArtMqtt.Broker.Tests.Mqtt.Storage;

public sealed class RestartTests : IDisposable
{
    private readonly string _file = Path.Combine(Path.GetTempPath(), $"artmqtt-{Guid.NewGuid():N}.db");

    [Theory]
    [InlineData(MqttQualityOfServiceLevel.AtLeastOnce)]
    [InlineData(MqttQualityOfServiceLevel.ExactlyOnce)]
    public async Task A_session_its_messages_and_retained_messages_survive(MqttQualityOfServiceLevel quality)
    {
        await using (var node = await StartAsync())
        {
            var (subscriber, _) = await node.ConnectAsync(Options(node, "subscriber", expiry: 3_600));
            await subscriber.SubscribeAsync("news/#", quality, TestContext.Current.CancellationToken);
            await subscriber.DisconnectAsync(cancellationToken: TestContext.Current.CancellationToken);
            var (publisher, _) = await node.ConnectAsync(Options(node, "publisher"));
            foreach (var text in (string[])["1", "2", "3"])
            {
                await publisher.PublishAsync(
                    Payloads.Message("news/a", text, quality), TestContext.Current.CancellationToken);
            }

            await publisher.PublishAsync(Retained("kept", "yes"), TestContext.Current.CancellationToken);
        }

        await using (var node = await StartAsync())
        {
            var received = new List<string>();
            var (subscriber, result) = await node.ConnectAsync(
                Options(node, "subscriber", expiry: 3_600).WithCleanStart(false), Collect(received));

            Assert.True(result.IsSessionPresent);
            await Soon.TrueAsync(() => received.Count == 3);
            Assert.Equal(["news/a 1", "news/a 2", "news/a 3"], received);

            await subscriber.SubscribeAsync("kept", cancellationToken: TestContext.Current.CancellationToken);
            await Soon.TrueAsync(() => received.Count == 4);
            Assert.Equal("kept yes", received[3]);
        }
    }

    [Fact]
    public async Task A_session_that_ended_leaves_nothing_in_the_file()
    {
        await using (var node = await StartAsync())
        {
            var (subscriber, _) = await node.ConnectAsync(Options(node, "subscriber", expiry: 3_600));
            await subscriber.SubscribeAsync(
                "news/#", MqttQualityOfServiceLevel.AtLeastOnce, TestContext.Current.CancellationToken);
            await node.ConnectAsync(Options(node, "subscriber").WithCleanStart(true));
            await node.StopAsync();
        }

        using var database = new StateDatabase(_file);
        Assert.Empty(database.ReadSessions());
        Assert.Empty(database.ReadMessages());
    }

    [Fact]
    public async Task A_file_that_is_none_stops_the_start()
    {
        await File.WriteAllTextAsync(_file, new string('x', 4_096), TestContext.Current.CancellationToken);

        await Assert.ThrowsAnyAsync<SqliteException>(StartAsync);
    }

    [Fact]
    public async Task What_cannot_be_written_is_written_later()
    {
        await using var node = await StartAsync();
        var store = node.Services.GetRequiredService<SessionStore>();
        var router = node.Services.GetRequiredService<MessageRouter>();
        using (var other = new SqliteConnection($"Data Source={_file};Pooling=False"))
        {
            other.Open();
            using var hold = other.CreateCommand();
            hold.CommandText = "BEGIN IMMEDIATE";
            hold.ExecuteNonQuery();
            router.Publish(new Message { Topic = "t", Payload = "x"u8.ToArray(), IsRetained = true }, publisher: null);
            var committed = store.WhenCommittedAsync();
            await Soon.TrueAsync(() => store.IsFailing);
            Assert.False(committed.IsCompleted);
        }

        await store.WhenCommittedAsync();
        await Soon.TrueAsync(() => !store.IsFailing);
    }

    public void Dispose()
    {
        foreach (var suffix in (string[])["", "-wal", "-shm"])
        {
            File.Delete(_file + suffix);
        }
    }

    private Task<BrokerNode> StartAsync() =>
        BrokerNode.StartAsync([("Conformance:Enabled", "true"), ("State:File", _file)]);

    private static MqttClientOptionsBuilder Options(BrokerNode node, string clientId, uint expiry = 0) =>
        node.Options("x", "x").WithClientId(clientId).WithSessionExpiryInterval(expiry);

    private static MqttApplicationMessage Retained(string topic, string payload) =>
        new MqttApplicationMessageBuilder().WithTopic(topic).WithPayload(payload).WithRetainFlag()
            .WithQualityOfServiceLevel(MqttQualityOfServiceLevel.AtLeastOnce).Build();

    private static Action<IMqttClient> Collect(List<string> received) => client =>
        client.ApplicationMessageReceivedAsync += e =>
        {
            lock (received)
            {
                received.Add($"{e.ApplicationMessage.Topic} {e.ApplicationMessage.ConvertPayloadToString()}");
            }

            return Task.CompletedTask;
        };
}
