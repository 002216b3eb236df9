using System.Text.Json;

namespace ArtMqtt.WebGateway.Tests;

/// <summary>Row changes to the packages from npm, as they are.</summary>
public sealed class RealtimeClientTests(RealtimeGateway gateway) : IClassFixture<RealtimeGateway>
{
    [Fact]
    public async Task The_line_that_people_have_in_their_code_works()
    {
        var (id, _, deviceId) = await gateway.CreateAssignedAsync();
        var (otherId, _, _) = await gateway.CreateAssignedAsync();
        await using var script = RealtimeScript.Start("line", gateway, gateway.Dispatcher.ToString(), id.ToString());
        var system = await script.NextAsync("system");
        Assert.Equal("Subscribed to PostgreSQL", system.GetProperty("message").GetString());

        await gateway.SetStatusAsync(otherId, "en_route");
        await gateway.SetStatusAsync(id, "en_route");

        var change = await script.NextAsync("change");
        Assert.Equal("UPDATE", change.GetProperty("eventType").GetString());
        Assert.Equal(("public", "service_requests"), (change.GetProperty("schema").GetString(), change.GetProperty("table").GetString()));
        Assert.Equal(JsonValueKind.Null, change.GetProperty("errors").ValueKind);
        var row = change.GetProperty("new");
        Assert.Equal(
            ["id", "status", "device_id", "pickup_lat", "pickup_lng", "customer_name", "note", "created_at", "updated_at", "version"],
            row.EnumerateObject().Select(member => member.Name));
        Assert.Equal(id, row.GetProperty("id").GetGuid());
        Assert.Equal("en_route", row.GetProperty("status").GetString());
        Assert.Equal(deviceId, row.GetProperty("device_id").GetString());
        Assert.Equal((48.1, 11.5), (row.GetProperty("pickup_lat").GetDouble(), row.GetProperty("pickup_lng").GetDouble()));
        Assert.Equal(JsonValueKind.Null, row.GetProperty("note").ValueKind);
        Assert.Equal(3, row.GetProperty("version").GetInt32());
        Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?\+00:00$", row.GetProperty("updated_at").GetString());
        Assert.Equal("assigned", change.GetProperty("old").GetProperty("status").GetString());
        var late = change.GetProperty("commit_timestamp").GetDateTimeOffset() - row.GetProperty("updated_at").GetDateTimeOffset();
        Assert.InRange(late, TimeSpan.FromMilliseconds(-1), TimeSpan.FromMinutes(1));

        await gateway.SetStatusAsync(id, "arrived");
        Assert.Equal("arrived", (await script.NextAsync("change")).GetProperty("new").GetProperty("status").GetString());
        await script.TellAsync();
        await script.NextAsync("end");
    }
}
