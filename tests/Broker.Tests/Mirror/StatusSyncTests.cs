using System.Text.Json;
using ArtMqtt.Broker.Mqtt.Routing;
using ArtMqtt.Broker.Tests.Support;
using ArtMqtt.Contracts;
using ArtMqtt.Contracts.Requests;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace ArtMqtt.Broker.Tests.Mirror;

public sealed class StatusSyncTests
{
    [Fact]
    public async Task After_a_start_every_running_request_has_its_status_retained()
    {
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var node = await BrokerNode.StartAsync(time: time);
        var topics = node.Services.GetRequiredService<ServerTopics>();
        node.Fleet.IsLoaded = false;
        var (request, _) = node.Fleet.AddRequest("truck-1", RequestStatus.EnRoute);
        var (changed, _) = node.Fleet.AddRequest("truck-1", RequestStatus.Arrived);
        topics.PublishState(
            Topics.RequestStatus(changed.RequestId),
            """{"status":"assigned","at":1,"by":"dispatcher"}"""u8.ToArray(), isNewestWins: false);
        node.Fleet.IsLoaded = true;

        await Soon.TrueAsync(() =>
        {
            time.Advance(TimeSpan.FromSeconds(1));
            return StatusOf(topics, request.RequestId) == "en_route" && StatusOf(topics, changed.RequestId) == "arrived";
        });
    }

    [Fact]
    public async Task Later_it_waits_for_an_event_that_may_be_on_its_way()
    {
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var node = await BrokerNode.StartAsync();
        var topics = node.Services.GetRequiredService<ServerTopics>();
        var sync = new Broker.Mirror.StatusSync(topics, node.Fleet, time);
        Assert.Empty(sync.Look(_ => false));
        var (request, _) = node.Fleet.AddRequest("truck-1", RequestStatus.EnRoute);

        Assert.Empty(sync.Look(_ => false));
        node.Fleet.Change(request.RequestId, r => r with { Status = RequestStatus.Arrived });
        Assert.Empty(sync.Look(_ => false));
        var (requestId, status) = Assert.Single(sync.Look(_ => false));
        Assert.Equal((request.RequestId, RequestStatus.Arrived), (requestId, status.Status));
    }

    private static string? StatusOf(ServerTopics topics, Guid requestId) =>
        topics.FindState(Topics.RequestStatus(requestId)) is { } json
            ? JsonDocument.Parse(json).RootElement.GetProperty("status").GetString()
            : null;
}
