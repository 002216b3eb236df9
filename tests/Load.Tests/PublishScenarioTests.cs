using System.Text.Json;
using ArtMqtt.Load.Measure;
using ArtMqtt.Load.Mqtt;
using ArtMqtt.Load.Scenarios;

namespace ArtMqtt.Load.Tests;

public sealed class PublishScenarioTests
{
    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    public async Task Counts_exactly_what_was_acknowledged(byte level)
    {
        using var sink = new AckSink((MqttVersion)level);
        var json = Path.GetTempFileName();
        try
        {
            var code = await new PublishScenario(new PublishSettings
            {
                Name = "test",
                Server = sink.EndPoint,
                Version = (MqttVersion)level,
                Logins = DeviceLogin.Anonymous(7),
                InFlight = 3,
                Duration = TimeSpan.FromSeconds(30),
                MaxPositions = 10_001,
                JsonPath = json,
            }).RunAsync(TestContext.Current.CancellationToken);

            var text = await File.ReadAllTextAsync(json, TestContext.Current.CancellationToken);
            var result = JsonSerializer.Deserialize<PublishResult>(text, Report.Json)!;
            Assert.Equal(0, code);
            Assert.Equal(10_001, result.Sent);
            Assert.Equal(10_001, result.Acknowledged);
            Assert.Empty(result.ConnectionFailures);
        }
        finally
        {
            File.Delete(json);
        }
    }
}
