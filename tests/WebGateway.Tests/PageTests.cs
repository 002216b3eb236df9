using System.Net;
using System.Net.Http.Headers;
using System.Text.RegularExpressions;
using ArtMqtt.TestKit;
using Microsoft.Extensions.Options;
using Microsoft.OpenApi;

namespace ArtMqtt.WebGateway.Tests;

/// <summary>Pages, the map's settings, the OpenAPI document and the explorer.</summary>
public sealed partial class PageTests(Gateway gateway) : IClassFixture<Gateway>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Built_pages_are_served_with_the_right_caching()
    {
        using var folder = new TestFolder();
        Directory.CreateDirectory(Path.Combine(folder.Path, "assets"));
        Directory.CreateDirectory(Path.Combine(folder.Path, "sdk"));
        foreach (var (name, content) in new[]
        {
            ("index.html", "<p>start</p>"), ("track.html", "<p>track</p>"),
            ("assets/track-B1x_c3-9.js", "let a"), ("sdk/client.js", "let b"), ("world.pmtiles", "0123456789"),
        })
        {
            await File.WriteAllTextAsync(Path.Combine(folder.Path, name), content, Token);
        }

        await using var built = await gateway.StartAnotherAsync(("Gateway:PagesFolder", folder.Path));
        using var client = built.CreateClient(null);
        Assert.Equal(("<p>start</p>", "no-cache", "text/html"), await GetAsync(client, "/"));
        Assert.Equal(("<p>track</p>", "no-cache", "text/html"), await GetAsync(client, $"/t/{Guid.NewGuid()}"));
        Assert.Equal(("<p>track</p>", "no-cache", "text/html"), await GetAsync(client, $"/track/{Guid.NewGuid()}"));
        var (_, caching, type) = await GetAsync(client, "/assets/track-B1x_c3-9.js");
        Assert.Equal(("public, max-age=31536000, immutable", "text/javascript"), (caching, type));

        using var head = await client.SendAsync(new HttpRequestMessage(HttpMethod.Head, $"/t/{Guid.NewGuid()}"), Token);
        Assert.Equal((HttpStatusCode.OK, 12), (head.StatusCode, head.Content.Headers.ContentLength));
        // Pages of other sites import the client, and nothing else.
        using var sdk = await client.GetAsync("/sdk/client.js", Token);
        Assert.Equal(["*"], sdk.Headers.GetValues("Access-Control-Allow-Origin"));
        using var page = await client.GetAsync("/assets/track-B1x_c3-9.js", Token);
        Assert.False(page.Headers.Contains("Access-Control-Allow-Origin"));

        using var range = new HttpRequestMessage(HttpMethod.Get, "/world.pmtiles");
        range.Headers.Range = new RangeHeaderValue(2, 4);
        using var part = await client.SendAsync(range, Token);
        Assert.Equal(HttpStatusCode.PartialContent, part.StatusCode);
        Assert.Equal("application/vnd.pmtiles", part.Content.Headers.ContentType?.MediaType);
        Assert.Equal("234", await part.Content.ReadAsStringAsync(Token));
        Assert.Equal(404, (await built.CallAsync("GET", "/../appsettings.json")).Status);
    }

    [Fact]
    public async Task Without_built_pages_the_answer_says_what_to_do()
    {
        await using var bare = await gateway.StartAnotherAsync(("Gateway:PagesFolder", "/nonexistent"));
        var answer = await bare.CallAsync("GET", "/");
        Assert.Equal(503, answer.Status);
        Assert.Contains("compose/up", answer.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_map_is_configured()
    {
        using var folder = new TestFolder();
        var streets = Path.Combine(folder.Path, "streets.geojson");
        await File.WriteAllTextAsync(streets, """{"type":"FeatureCollection","features":[]}""", Token);
        await using var mapped = await gateway.StartAnotherAsync(
            ("Map:TilesUrl", "https://tiles.example.org/world.pmtiles"), ("Map:StreetsFile", streets),
            ("Map:Attribution", "© somebody"), ("Gateway:PublicUrl", "https://track.example.org/"));

        var config = await mapped.CallAsync("GET", "/api/map/config");
        Assert.Equal(
            """{"styleUrl":null,"tilesUrl":"https://tiles.example.org/world.pmtiles","streetsUrl":"/map/streets.geojson","attribution":"© somebody","latitude":null,"longitude":null,"zoom":null,"contact":null}""",
            Regex.Unescape(config.Text));
        using var client = mapped.CreateClient(null);
        using var response = await client.GetAsync("/map/streets.geojson", Token);
        Assert.Equal("application/geo+json", response.Content.Headers.ContentType?.MediaType);
        Assert.Contains(
            "connect-src 'self' https://tiles.example.org;",
            response.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        var created = await mapped.CallAsync("POST", "/api/requests", """{"pickup":{"lat":1,"lng":2}}""");
        Assert.StartsWith(
            "https://track.example.org/t/", created.Json.GetProperty("trackingUrl").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task How_customers_reach_the_service_is_configured()
    {
        await using var reached = await gateway.StartAnotherAsync(
            ("Gateway:Customer:PhoneNumber", "+4930123456"), ("Gateway:Customer:MessageUrl", "https://wa.me/4930123456"));

        var config = await reached.CallAsync("GET", "/api/map/config");

        Assert.Equal(
            """{"phoneNumber":"+4930123456","messageUrl":"https://wa.me/4930123456"}""",
            Regex.Unescape(config.Json.GetProperty("contact").GetRawText()));
    }

    [Theory]
    [InlineData("Map:TilesUrl", "javascript:alert(1)")]
    [InlineData("Map:StreetsFile", "/nonexistent.geojson")]
    [InlineData("Map:Zoom", "99")]
    [InlineData("Gateway:Customer:PhoneNumber", "030 123456")]
    [InlineData("Gateway:Customer:MessageUrl", "javascript:alert(1)")]
    [InlineData("Gateway:Customer:MessageUrl", "http://chat.example.org")]
    [InlineData("Gateway:PublicUrl", "ftp://example.org")]
    [InlineData("Gateway:Live:MaxWatches", "0")]
    [InlineData("Gateway:Security:CachedTokens", "0")]
    public async Task Wrong_settings_stop_the_start(string key, string value) =>
        await Assert.ThrowsAsync<OptionsValidationException>(() => gateway.StartAnotherAsync((key, value)));

    [Fact]
    public async Task The_document_describes_every_endpoint()
    {
        var answer = await gateway.CallAsync("GET", "/openapi/v1.json");
        var document = answer.Json;
        Assert.Empty(OpenApiDocument.Parse(answer.Text, "json").Diagnostic!.Errors);
        Assert.StartsWith("3.", document.GetProperty("openapi").GetString(), StringComparison.Ordinal);
        Assert.Equal(
            "bearer",
            document.GetProperty("components").GetProperty("securitySchemes").GetProperty("accessToken").GetProperty("scheme").GetString());
        var operations = document.GetProperty("paths").EnumerateObject()
            .SelectMany(path => path.Value.EnumerateObject().Select(o => (path.Name, Operation: o.Value))).ToList();
        Assert.Equal(78, operations.Count);
        // Every group is explained, and none is explained that has nothing in it.
        Assert.Equal(
            operations.Select(o => o.Operation.GetProperty("tags")[0].GetString()).Distinct().Order(),
            document.GetProperty("tags").EnumerateArray().Select(tag => tag.GetProperty("name").GetString()).Order());
        foreach (var (path, operation) in operations)
        {
            Assert.False(string.IsNullOrEmpty(operation.GetProperty("summary").GetString()), path);
            var isPublic = path.StartsWith("/api/map", StringComparison.Ordinal) || path.StartsWith("/map", StringComparison.Ordinal);
            Assert.Equal(!isPublic, operation.TryGetProperty("security", out _));
            Assert.Equal(!isPublic, operation.GetProperty("responses").TryGetProperty("401", out _));
            if (operation.TryGetProperty("requestBody", out var body))
            {
                Assert.True(body.GetProperty("content").GetProperty("application/json").TryGetProperty("example", out _), path);
            }
        }
    }

    [Fact]
    public async Task The_explorer_loads_nothing_from_other_hosts()
    {
        using var client = gateway.CreateClient(null);
        using var response = await client.GetAsync("/explorer", Token);
        var html = await response.Content.ReadAsStringAsync(Token);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.DoesNotMatch(OutsideAddress(), html);

        var policy = response.Headers.GetValues("Content-Security-Policy").Single();
        var nonce = NonceOf().Match(policy).Groups[1].Value;
        Assert.All(ScriptTag().Matches(html), tag => Assert.True(
            tag.Value.Contains("src=", StringComparison.Ordinal) || tag.Value.Contains(nonce, StringComparison.Ordinal), tag.Value));
        foreach (Match source in Source().Matches(html))
        {
            var address = new Uri(response.RequestMessage!.RequestUri!, source.Groups[1].Value);
            using var script = await client.GetAsync(address, Token);
            Assert.True(script.IsSuccessStatusCode, address.ToString());
        }
    }

    private static async Task<(string Text, string? Caching, string? Type)> GetAsync(HttpClient client, string path)
    {
        using var response = await client.GetAsync(path, Token);
        return (await response.Content.ReadAsStringAsync(Token), response.Headers.CacheControl?.ToString(),
            response.Content.Headers.ContentType?.MediaType);
    }

    [GeneratedRegex("(?:src|href|url)\\s*[=(:]\\s*[\"']?(?:https?:)?//|cdn\\.|proxy\\.scalar")]
    private static partial Regex OutsideAddress();

    [GeneratedRegex("'nonce-([^']+)'")]
    private static partial Regex NonceOf();

    [GeneratedRegex("<script[^>]*>")]
    private static partial Regex ScriptTag();

    [GeneratedRegex("<script[^>]*src=\"([^\"]+)\"")]
    private static partial Regex Source();
}
