using System.Text;
using ArtMqtt.Contracts.Positions;
using ArtMqtt.Contracts.Security;
using ArtMqtt.Store.Positions;
using ArtMqtt.TestKit;
using Microsoft.Extensions.DependencyInjection;

namespace ArtMqtt.WebGateway.Tests;

/// <summary>Dead letters are looked at, taken in again and thrown away; the broker's part in it is played by a door.</summary>
public sealed class DeadLetterTests(DeadLetterTests.Node gateway) : IClassFixture<DeadLetterTests.Node>
{
    private const string Code = "position_malformed";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Letters_are_listed_to_their_firm_and_shown_to_its_admins()
    {
        var device = await CreateAsync("acme");
        await WriteAsync(device, "{\"lat\":\"north\"}"u8.ToArray());
        await WriteAsync(device, [0, 1, 0xff]);

        var list = await gateway.CallAsync("GET", $"/api/dead-letters?device={device}&limit=1", token: Sign("dispatcher", "acme"));
        var item = list.Json.GetProperty("items").EnumerateArray().Single();

        Assert.Equal((device, Code, 3), (
            item.GetProperty("deviceId").GetString(), item.GetProperty("code").GetString(), item.GetProperty("bytes").GetInt32()));
        Assert.Contains(list.Json.GetProperty("codes").EnumerateArray(), one => one.GetProperty("code").GetString() == Code);
        Assert.False(item.TryGetProperty("payload", out _));
        var next = await gateway.CallAsync(
            "GET", $"/api/dead-letters?device={device}&before={list.Json.GetProperty("next").GetInt64()}", token: Sign("dispatcher", "acme"));
        var older = next.Json.GetProperty("items").EnumerateArray().Single().GetProperty("id").GetInt64();
        var shown = await gateway.CallAsync("GET", $"/api/dead-letters/{older}", token: Sign("admin", "acme"));
        Assert.Equal("{\"lat\":\"north\"}", shown.Json.GetProperty("text").GetString());
        var hex = await gateway.CallAsync("GET", $"/api/dead-letters/{item.GetProperty("id")}", token: gateway.Admin.ToString());
        Assert.Equal((null, "0001ff"), (hex.Json.GetProperty("text").GetString(), hex.Json.GetProperty("hex").GetString()));
        foreach (var stranger in new[] { "", "other" })
        {
            Assert.Empty((await gateway.CallAsync("GET", $"/api/dead-letters?device={device}", token: Sign("dispatcher", stranger)))
                .Json.GetProperty("items").EnumerateArray());
        }

        foreach (var (method, path) in new[] { ("GET", ""), ("POST", "/retry"), ("DELETE", "") })
        {
            var refused = await gateway.CallAsync(method, $"/api/dead-letters/{older}{path}", token: Sign("admin", "other"));
            Assert.Equal("letter_not_found", refused.Code);
        }
    }

    [Fact]
    public async Task A_letter_says_how_it_came_and_how_much_of_it_was_kept()
    {
        var device = await CreateAsync("acme");
        await gateway.Services.GetRequiredService<DeadLetterWriter>().WriteAsync(
            [
                Letter(device, new byte[RejectedPayload.MaxPayload]) with { ContentType = "text/\0plain", Size = RejectedPayload.MaxPayload },
                Letter(device, new byte[5_000]) with { Dialect = "osmand" },
            ],
            Token);

        var items = (await gateway.CallAsync("GET", $"/api/dead-letters?device={device}", token: gateway.Admin.ToString()))
            .Json.GetProperty("items").EnumerateArray().ToList();
        Assert.Equal([(4_096, 5_000), (4_096, 4_096)], items.Select(
            item => (item.GetProperty("bytes").GetInt32(), item.GetProperty("size").GetInt32())));
        Assert.Equal([null, "text/\uFFFDplain"], items.Select(item => item.GetProperty("contentType").GetString()));
        var shown = new List<bool>();
        foreach (var item in items)
        {
            var letter = await gateway.CallAsync("GET", $"/api/dead-letters/{item.GetProperty("id")}", token: gateway.Admin.ToString());
            shown.Add(letter.Json.GetProperty("isCut").GetBoolean());
        }

        Assert.Equal([true, false], shown);
        var kept = await gateway.Services.GetRequiredService<DeadLetterRepository>().ReadAsync(
            new DeadLetterFilter(TenantScope.All, DeviceId: device), long.MaxValue, 10, Token);
        Assert.Equal(["osmand", null], kept.Select(one => one.Letter.Dialect));
    }

    [Fact]
    public async Task A_letter_that_is_good_now_goes_and_another_stays_with_its_new_reason()
    {
        var device = await CreateAsync("acme");
        await WriteAsync(device, "good"u8.ToArray());
        await WriteAsync(device, "bad"u8.ToArray());
        await WriteAsync(device, "good"u8.ToArray());

        var done = await gateway.CallAsync("POST", $"/api/dead-letters/retry?device={device}", token: Sign("admin", "acme"));

        Assert.Equal((2, 2, 1), (
            done.Json.GetProperty("removed").GetInt32(), done.Json.GetProperty("accepted").GetInt32(), done.Json.GetProperty("kept").GetInt32()));
        Assert.Equal("still_bad: No better.", done.Json.GetProperty("lastError").GetString());
        var left = (await gateway.CallAsync("GET", $"/api/dead-letters?device={device}", token: Sign("admin", "acme")))
            .Json.GetProperty("items").EnumerateArray().Single();
        Assert.Equal(("still_bad", "No better."), (left.GetProperty("code").GetString(), left.GetProperty("detail").GetString()));
        var single = await gateway.CallAsync("POST", $"/api/dead-letters/{left.GetProperty("id")}/retry", token: Sign("admin", "acme"));
        Assert.Equal(1, single.Json.GetProperty("kept").GetInt32());
    }

    [Fact]
    public async Task Letters_are_thrown_away_one_by_one_or_by_device_and_no_others()
    {
        var (device, other) = (await CreateAsync("acme"), await CreateAsync("acme"));
        foreach (var id in new[] { device, device, device, other })
        {
            await WriteAsync(id, "bad"u8.ToArray());
        }

        var items = (await gateway.CallAsync("GET", $"/api/dead-letters?device={device}", token: Sign("admin", "acme")))
            .Json.GetProperty("items").EnumerateArray().ToList();
        Assert.Equal(204, (await gateway.CallAsync(
            "DELETE", $"/api/dead-letters/{items[0].GetProperty("id")}", token: Sign("admin", "acme"))).Status);
        Assert.Equal(0, (await gateway.CallAsync("DELETE", $"/api/dead-letters?device={device}", token: Sign("admin", "other")))
            .Json.GetProperty("removed").GetInt32());
        Assert.Equal(2, (await gateway.CallAsync("DELETE", $"/api/dead-letters?device={device}", token: Sign("admin", "acme")))
            .Json.GetProperty("removed").GetInt32());
        Assert.Single((await gateway.CallAsync("GET", $"/api/dead-letters?device={other}", token: Sign("admin", "acme")))
            .Json.GetProperty("items").EnumerateArray());
    }

    [Fact]
    public async Task Letters_of_a_customers_phone_belong_to_the_firm_of_the_request()
    {
        var made = await gateway.CallAsync("POST", "/api/requests", """{"pickup":{"lat":1,"lng":2}}""", Sign("dispatcher", "acme"));
        var topic = $"art/requests/{made.Json.GetProperty("requestId").GetString()}/customer/position";
        await gateway.Services.GetRequiredService<DeadLetterWriter>().WriteAsync(
            [new RejectedPayload("customer", topic, DateTimeOffset.UnixEpoch, "customers_code", "d", new byte[1])], Token);

        async Task<int> CountAsync(string token) => (await gateway.CallAsync("GET", "/api/dead-letters?code=customers_code", token: token))
            .Json.GetProperty("items").GetArrayLength();

        Assert.Equal((1, 0, 1), (
            await CountAsync(Sign("dispatcher", "acme")), await CountAsync(Sign("dispatcher", "other")), await CountAsync(gateway.Admin.ToString())));
    }

    private static string Sign(string role, string tenant) => tenant.Length == 0
        ? RealtimeGateway.Sign(("role", role), ("sub", "ada"))
        : RealtimeGateway.Sign(("role", role), ("sub", "ada"), ("tenant", tenant));

    private async Task<string> CreateAsync(string tenant)
    {
        var device = $"van-{Guid.NewGuid():N}";
        Assert.Equal(201, (await gateway.CallAsync("POST", "/api/devices", $$"""{"deviceId":"{{device}}"}""", Sign("dispatcher", tenant))).Status);
        return device;
    }

    private Task WriteAsync(string device, byte[] payload) => gateway.Services.GetRequiredService<DeadLetterWriter>().WriteAsync(
        [Letter(device, payload)], Token);

    private static RejectedPayload Letter(string device, byte[] payload) =>
        new(device, $"art/devices/{device}/position", DateTimeOffset.UnixEpoch, Code, "Not JSON.", payload);

    /// <summary>A gateway beside a broker that finds payloads good that say so.</summary>
    public sealed class Node(TimescaleServer server) : RealtimeGateway(server)
    {
        protected override void Replace(IServiceCollection services) => services.AddSingleton<IDeadLetterDoor, Door>();
    }

    private sealed class Door : IDeadLetterDoor
    {
        public ValueTask<DeadLetterResult> RetryAsync(RejectedPayload letter, CancellationToken cancellationToken) =>
            ValueTask.FromResult(Encoding.UTF8.GetString(letter.Payload.Span) == "good"
                ? new DeadLetterResult(1, null, null)
                : new DeadLetterResult(0, "still_bad", "No better."));
    }
}
