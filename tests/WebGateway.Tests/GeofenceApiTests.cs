namespace ArtMqtt.WebGateway.Tests;

/// <summary>Geofences over REST.</summary>
public sealed class GeofenceApiTests(Gateway gateway) : IClassFixture<Gateway>
{
    private const string Circle = """{"type":"Point","coordinates":[11.5,48.1],"radius":250}""";

    [Fact]
    public async Task A_geofence_is_made_shown_changed_by_who_knows_its_version_and_removed()
    {
        var made = await gateway.CallAsync(
            "POST", "/api/geofences", $$"""{"name":"Yard","shape":{{Circle}},"devicePrefix":"truck-","deviceIds":["truck-7","truck-7"]}""");
        Assert.Equal(201, made.Status);
        var path = $"/api/geofences/{made.Json.GetProperty("id").GetGuid()}";
        var shown = await gateway.CallAsync("GET", path);
        Assert.Equal(made.Text, shown.Text);
        Assert.Equal((250, 1), (shown.Json.GetProperty("shape").GetProperty("radius").GetInt32(), shown.Json.GetProperty("deviceIds").GetArrayLength()));

        using var client = gateway.CreateClient(gateway.Dispatcher.ToString());
        client.DefaultRequestHeaders.Add("If-Match", "\"1\"");
        var changed = await Gateway.SendAsync(client, "PUT", path, $$"""{"name":"Gate","shape":{{Circle}}}""");
        var late = await Gateway.SendAsync(client, "PUT", path, $$"""{"name":"Late","shape":{{Circle}}}""");
        Assert.Equal((200, "Gate", 2), (changed.Status, changed.Json.GetProperty("name").GetString(), changed.Json.GetProperty("version").GetInt32()));
        Assert.Equal((412, "version_mismatch"), (late.Status, late.Code));
        Assert.Equal(204, (await gateway.CallAsync("DELETE", path)).Status);
        var gone = await gateway.CallAsync("GET", path);
        Assert.Equal((404, "geofence_not_found"), (gone.Status, gone.Code));
    }

    [Fact]
    public async Task They_are_listed_in_pages()
    {
        for (var i = 0; i < 5; i++)
        {
            Assert.Equal(201, (await gateway.CallAsync("POST", "/api/geofences", $$"""{"name":"{{i}}","shape":{{Circle}}}""")).Status);
        }

        var all = new List<string?>();
        var next = "";
        do
        {
            var page = await gateway.CallAsync("GET", $"/api/geofences?limit=2{next}");
            all.AddRange(page.Json.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("name").GetString()));
            next = page.Json.GetProperty("next").GetString() is { } id ? $"&after={id}" : null;
        }
        while (next is not null);
        Assert.Equal(["0", "1", "2", "3", "4"], all.Where(name => name?.Length == 1).Order());
    }

    [Theory]
    [InlineData("""{"name":"","shape":{"type":"Point","coordinates":[11.5,48.1],"radius":250}}""", "name")]
    [InlineData("""{"name":"x","shape":{"type":"Point","coordinates":[11.5,48.1]}}""", "shape")]
    [InlineData("""{"name":"x","shape":{"type":"Point","coordinates":[11.5,48.1],"radius":9}}""", "shape")]
    [InlineData("""{"name":"x","shape":{"type":"Point","coordinates":[11.5,98.1],"radius":90}}""", "shape")]
    [InlineData("""{"name":"x","shape":{"type":"Polygon","coordinates":[[[0,0],[1,1],[1,0],[0,1],[0,0]]]}}""", "shape")]
    [InlineData("""{"name":"x","shape":{"type":"LineString","coordinates":[[0,0],[1,1]]}}""", "shape")]
    [InlineData("""{"name":"x","shape":[]}""", "shape")]
    [InlineData("""{"name":"x","shape":{"type":"Point","coordinates":[11.5,48.1],"radius":250},"devicePrefix":"TRUCK"}""", "devicePrefix")]
    [InlineData("""{"name":"x","shape":{"type":"Point","coordinates":[11.5,48.1],"radius":250},"deviceIds":[]}""", "deviceIds")]
    public async Task What_is_none_is_refused(string body, string member)
    {
        var answer = await gateway.CallAsync("POST", "/api/geofences", body);
        Assert.Equal(400, answer.Status);
        Assert.True(answer.Json.GetProperty("errors").TryGetProperty(member, out _), answer.Text);
    }
}
