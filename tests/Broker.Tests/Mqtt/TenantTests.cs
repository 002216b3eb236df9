using ArtMqtt.Broker.Devices;
using ArtMqtt.Broker.Tests.Support;
using ArtMqtt.Contracts.Fleet;
using ArtMqtt.Contracts.Live;
using ArtMqtt.Contracts.Positions;
using ArtMqtt.Contracts.Requests;
using ArtMqtt.TestKit;
using Microsoft.Extensions.DependencyInjection;
using MQTTnet;

namespace ArtMqtt.Broker.Tests.Mqtt;

/// <summary>Firms on one broker: wildcards show what is one's own.</summary>
public sealed class TenantTests : IDisposable
{
    private const string SaidByServer = """
        "by":"server"
        """;

    private readonly string _file = Path.Combine(Path.GetTempPath(), $"artmqtt-{Guid.NewGuid():N}.db");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        foreach (var suffix in (string[])["", "-wal", "-shm"])
        {
            File.Delete(_file + suffix);
        }
    }

    [Fact]
    public async Task Who_watches_everything_receives_the_own_firms_messages_live_and_retained()
    {
        await using var node = await StartAsync();
        var requests = Fleet(node);
        var early = await SubscribeAllAsync(node);
        await MoveAsync(node, requests);
        await Soon.TrueAsync(() => early["admin"].Count == 9);
        foreach (var (who, received) in early)
        {
            await Soon.TrueAsync(() => received.Count == (who == "admin" ? 9 : 3));
            Assert.Equal(ExpectedOf(who, requests, withPlaces: true), Sorted(received));
        }

        var late = await SubscribeAllAsync(node);
        foreach (var (who, received) in late)
        {
            await Soon.TrueAsync(() => received.Count == (who == "admin" ? 6 : 2));
            Assert.Equal(ExpectedOf(who, requests, withPlaces: false), Sorted(received));
        }
    }

    [Fact]
    public async Task The_end_of_a_request_is_told_to_its_firm_and_is_still_its_own_after_a_restart()
    {
        Dictionary<string, FleetRequest> requests;
        await using (var node = await StartAsync())
        {
            requests = Fleet(node);
            var early = await SubscribeAllAsync(node);
            await MoveAsync(node, requests);
            // Told to those who were there, so that the next get only what is retained.
            await Soon.TrueAsync(() => early["admin"].Count == 9);
            var watchers = await SubscribeAllAsync(node);
            await Soon.TrueAsync(() => watchers["admin"].Count == 6);
            // Gone from the directory before the mirror tells of it.
            node.Fleet.Change(requests["acme"].RequestId, _ => null);
            await node.Live.PublishAsync(
                requests["acme"].RequestId, new StatusEvent(RequestStatus.Completed, RequestStatus.EnRoute, 2, "x"), Token);
            await Soon.TrueAsync(() => watchers["admin"].Count == 7 && watchers["acme"].Count == 3);
            Assert.Equal((2, 2), (watchers["other"].Count, watchers["dispatcher"].Count));
        }

        await using (var node = await StartAsync())
        {
            var watchers = await SubscribeAllAsync(node);
            await Soon.TrueAsync(() => watchers["admin"].Count == 6);
            foreach (var (who, received) in watchers)
            {
                Assert.Equal(ExpectedOf(who, requests, withPlaces: false), Sorted(received));
            }
        }
    }

    [Fact]
    public async Task Two_firms_with_a_shared_subscription_of_one_name_each_get_all_of_theirs()
    {
        await using var node = await StartAsync();
        var requests = Fleet(node);
        var watchers = await SubscribeAllAsync(node, "$share/screen/art/requests/+/status");

        for (var i = 0; i < 4; i++)
        {
            foreach (var (_, request) in requests)
            {
                await node.Live.PublishAsync(
                    request.RequestId, new StatusEvent(RequestStatus.EnRoute, RequestStatus.Assigned, i, "x"), Token);
            }
        }

        await Soon.TrueAsync(() => watchers["admin"].Count == 12);
        foreach (var who in (string[])["acme", "other", "dispatcher"])
        {
            await Soon.TrueAsync(() => watchers[who].Count == 4);
        }
    }

    [Fact]
    public async Task Admins_sign_in_under_their_name()
    {
        await using var node = await StartAsync();

        foreach (var (user, password, isRight) in new[]
        {
            ("admin", node.AdminToken, true), ("admin", node.DispatcherToken, false), ("dispatcher", node.AdminToken, false),
            ("admin", Sign("admin", "acme"), true), ("dispatcher", Sign("admin", "acme"), false), ("admin", Sign("dispatcher", "acme"), false),
        })
        {
            var (client, result) = await node.ConnectAsync(node.Options(user, password));
            Assert.True(isRight == (result.ResultCode == MqttClientConnectResultCode.Success), $"{user}: {result.ResultCode}");
            Assert.Equal(isRight, client.IsConnected);
        }
    }

    [Fact]
    public async Task A_token_that_names_another_firm_than_the_device_is_refused()
    {
        await using var node = await StartAsync();
        var requests = Fleet(node);

        foreach (var (tenant, isRight) in new[] { ("acme", true), ("other", false) })
        {
            foreach (var token in new[]
            {
                SignClaims(("role", "device"), ("sub", "truck-acme"), ("tenant", tenant)),
                SignClaims(("role", "customer"), ("request_id", requests["acme"].RequestId.ToString()), ("tenant", tenant)),
            })
            {
                var (_, result) = await node.ConnectAsync(node.Options("token", token));
                Assert.True(isRight == (result.ResultCode == MqttClientConnectResultCode.Success), $"{result.ResultCode}");
            }
        }
    }

    private Task<BrokerNode> StartAsync() => BrokerNode.StartAsync([("State:File", _file), ("LiveInterval", "00:00:00")]);

    private static string Sign(string role, string tenant) => SignClaims(("role", role), ("sub", "ada"), ("tenant", tenant));

    private static string SignClaims(params (string, System.Text.Json.Nodes.JsonNode?)[] claims) =>
        TestToken.Sign(Authenticators.TokenKey, TestToken.Claims(claims));

    // A device and a request of each firm, and of none.
    private static Dictionary<string, FleetRequest> Fleet(BrokerNode node)
    {
        var requests = new Dictionary<string, FleetRequest>();
        foreach (var tenant in (string[])["acme", "other", ""])
        {
            var deviceId = $"truck-{tenant}";
            node.Fleet.AddDevice(deviceId);
            node.Fleet.Change(deviceId, device => device with { Tenant = tenant });
            var (request, _) = node.Fleet.AddRequest(deviceId, RequestStatus.EnRoute);
            node.Fleet.Change(request.RequestId, r => r with { Tenant = tenant });
            requests[tenant] = request;
        }

        return requests;
    }

    // Three topics of each: presence and status, which are retained, and a place.
    private static async Task MoveAsync(BrokerNode node, Dictionary<string, FleetRequest> requests)
    {
        foreach (var (tenant, request) in requests)
        {
            node.Services.GetRequiredService<DevicePresence>().Entered($"truck-{tenant}");
            await node.Live.PublishAsync(
                request.RequestId, new StatusEvent(RequestStatus.EnRoute, RequestStatus.Assigned, 1, "x"), Token);
            await node.Live.PublishAsync(
                request.RequestId, LocationEvent.Of(PositionRole.Operator, new Position(1, 2, DateTimeOffset.UnixEpoch)), Token);
        }
    }

    private static async Task<Dictionary<string, List<string>>> SubscribeAllAsync(BrokerNode node, string filter = "")
    {
        var watchers = new Dictionary<string, List<string>>();
        foreach (var (who, user, password) in new[]
        {
            ("acme", "dispatcher", Sign("dispatcher", "acme")), ("acme's analyst", "analyst", Sign("analyst", "acme")),
            ("other", "dispatcher", Sign("dispatcher", "other")), ("dispatcher", "dispatcher", node.DispatcherToken),
            ("admin", "admin", node.AdminToken),
        })
        {
            // In a shared subscription the analyst would take turns with the dispatcher.
            if (filter.StartsWith("$share", StringComparison.Ordinal) && who == "acme's analyst")
            {
                continue;
            }

            var received = new List<string>();
            var (client, _) = await node.ConnectAsync(
                node.Options(user, password).WithClientId(Guid.NewGuid().ToString("N")), Collect(received));
            watchers[who] = received;
            foreach (var one in filter.Length > 0 ? [filter] : (string[])["art/requests/#", "art/devices/+/presence"])
            {
                await client.SubscribeAsync(one, cancellationToken: Token);
            }
        }

        return watchers;
    }

    // Without what the mirror finds by itself when it first looks for statuses that nobody told, be that before or after.
    private static Action<IMqttClient> Collect(List<string> received) => client =>
        client.ApplicationMessageReceivedAsync += e =>
        {
            if (e.ApplicationMessage.ConvertPayloadToString()?.Contains(SaidByServer, StringComparison.Ordinal) == true)
            {
                return Task.CompletedTask;
            }

            lock (received)
            {
                received.Add(e.ApplicationMessage.Topic);
            }

            return Task.CompletedTask;
        };

    private static List<string> Sorted(List<string> received)
    {
        lock (received)
        {
            return [.. received.Order(StringComparer.Ordinal)];
        }
    }

    private static IEnumerable<string> ExpectedOf(string who, Dictionary<string, FleetRequest> requests, bool withPlaces) =>
        requests.Where(r => who == "admin" || r.Key == who.Replace("'s analyst", "", StringComparison.Ordinal)
                .Replace("dispatcher", "", StringComparison.Ordinal))
            .SelectMany(r => (string[])
            [
                $"art/devices/truck-{r.Key}/presence", $"art/requests/{r.Value.RequestId:D}/status",
                .. withPlaces ? [$"art/requests/{r.Value.RequestId:D}/operator/position"] : Array.Empty<string>(),
            ])
            .Order(StringComparer.Ordinal);
}
