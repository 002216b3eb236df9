using System.Runtime.InteropServices;
using System.Text.Json;
using ArtMqtt.Contracts.Live;
using ArtMqtt.Contracts.Positions;
using ArtMqtt.Live;
using ArtMqtt.WebGateway.Live.Wire;
using Microsoft.AspNetCore.SignalR.Protocol;
using Microsoft.Extensions.DependencyInjection;

namespace ArtMqtt.WebGateway.Tests;

/// <summary>The hub on the wire: protocols, transports, frames.</summary>
public sealed class HubProtocolTests(Gateway gateway) : IClassFixture<Gateway>
{
    private static readonly string[] _ways = ["json WebSockets", "json ServerSentEvents", "messagepack WebSockets"];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task There_is_no_transport_that_loses_what_an_answer_contained()
    {
        var (_, customer, _) = await gateway.CreateAssignedAsync();
        var answer = await gateway.CallAsync("POST", "/hubs/tracking/negotiate?negotiateVersion=1", token: customer);
        Assert.Equal(
            ["WebSockets", "ServerSentEvents"],
            answer.Json.GetProperty("availableTransports").EnumerateArray().Select(offered => offered.GetProperty("transport").GetString()));
    }

    [Fact]
    public async Task Every_protocol_and_transport_says_the_same()
    {
        var (id, customer, _) = await gateway.CreateAssignedAsync();
        await gateway.PublishAsync(id, second: 1);
        await using var script = RealtimeScript.StartProgram(
            "hub.mjs", gateway.Address.ToString().TrimEnd('/'), customer, id.ToString());
        foreach (var way in _ways)
        {
            var joined = await script.NextAsync(way);
            Assert.Equal("joined", joined.GetProperty("name").GetString());
            var data = joined.GetProperty("data");
            Assert.Equal(["cursor", "snapshot", "missed", "recovered"], data.EnumerateObject().Select(p => p.Name));
            Assert.Equal(48.123456789, data.GetProperty("snapshot").GetProperty("operator").GetProperty("lat").GetDouble());
            Assert.Equal(JsonValueKind.Null, data.GetProperty("snapshot").GetProperty("customer").ValueKind);
            // The arguments were understood: without a broker nothing takes them.
            Assert.Contains("positions_not_taken", (await script.NextAsync(way)).GetProperty("data").GetString(), StringComparison.Ordinal);
        }

        await gateway.PublishAsync(id, second: 2);
        await ExpectAsync(script, "operator:location");
        await gateway.PublishAsync(id, second: 2, PositionRole.Customer);
        await ExpectAsync(script, "customer:location");
        await gateway.Streams.PublishAsync(id, new PresenceEvent(PresenceEvent.Online, 1_700_000_000_123), Token);
        await ExpectAsync(script, "operator:presence");
        await gateway.SetStatusAsync(id, "en_route");
        var status = await ExpectAsync(script, "request:status:updated");
        Assert.Equal("en_route", status.GetProperty("status").GetString());
        await script.TellAsync();
    }

    [Fact]
    public async Task What_waits_for_a_connection_goes_in_one_frame()
    {
        await using var slow = await gateway.StartAnotherAsync(("Gateway:Live:FlushInterval", "00:00:02"));
        var (id, customer, _) = await slow.CreateAssignedAsync();
        var (otherId, _, _) = await slow.CreateAssignedAsync();
        await using var client = await RawHubClient.ConnectAsync(slow.Address, slow.Dispatcher.ToString());
        await client.InvokeAsync("1", "join:request", $"\"{id}\"", "null");
        await client.ReadUntilAsync(m => m.TryGetProperty("invocationId", out _));
        await client.InvokeAsync("2", "join:request", $"\"{otherId}\"", "null");
        await client.ReadUntilAsync(m => m.TryGetProperty("invocationId", out _));
        await slow.PublishAsync(id, second: 1);
        await client.ReadUntilAsync(m => m.TryGetProperty("target", out _));
        var before = client.Frames;

        await slow.PublishStatusAsync(id, "one");
        await slow.PublishStatusAsync(id, "two");
        await slow.PublishAsync(id, second: 2);
        await slow.PublishAsync(otherId, second: 1);

        var messages = new List<JsonElement>();
        while (messages.Count < 4)
        {
            messages.Add((await client.ReadUntilAsync(m => m.TryGetProperty("target", out _))).Match);
        }

        Assert.Equal(
            [$"{id} one", $"{id} two", $"{id} ", $"{otherId} "],
            messages.Select(m => m.GetProperty("arguments")[0]).Select(e =>
                $"{e.GetProperty("requestId")} {(e.TryGetProperty("by", out var by) ? by.GetString() : "")}"));
        Assert.Equal(before + 1, client.Frames);
    }

    [Fact]
    public void An_event_is_encoded_once_for_each_protocol()
    {
        var encoded = gateway.Services.GetRequiredService<EncodedEvents>();
        var protocols = gateway.Services.GetServices<IHubProtocol>().ToDictionary(p => p.Name);
        var id = Guid.NewGuid();
        var numbered = new NumberedEvent(new Cursor("epoch", 7), new PresenceEvent(PresenceEvent.Online, 5));

        var (json, pack) = (encoded.ForHub(protocols["json"], id, numbered), encoded.ForHub(protocols["messagepack"], id, numbered));

        Assert.Same(ArrayOf(json), ArrayOf(encoded.ForHub(protocols["json"], id, numbered)));
        Assert.Same(ArrayOf(pack), ArrayOf(encoded.ForHub(protocols["messagepack"], id, numbered)));
        Assert.Same(encoded.AsJson(id, numbered), encoded.AsJson(id, numbered));
        Assert.InRange(pack.Length, 1, json.Length - 1);

        // One that looks the same but is another has bytes of its own.
        Assert.NotSame(ArrayOf(json), ArrayOf(encoded.ForHub(protocols["json"], Guid.NewGuid(), numbered with { })));

        static byte[] ArrayOf(ReadOnlyMemory<byte> memory) =>
            MemoryMarshal.TryGetArray(memory, out var segment) ? segment.Array! : throw new InvalidOperationException();
    }

    // From all of them; they print the same.
    private static async Task<JsonElement> ExpectAsync(RealtimeScript script, string name)
    {
        var texts = new List<string>();
        JsonElement data = default;
        for (var i = 0; i < _ways.Length; i++)
        {
            var (_, value) = await script.NextAsync();
            Assert.Equal(name, value.GetProperty("name").GetString());
            data = value.GetProperty("data");
            texts.Add(data.GetRawText());
        }

        Assert.Single(texts.Distinct());
        return data;
    }
}
