using System.IO.Compression;
using System.Net;
using System.Text;
using ArtMqtt.TestKit;

namespace ArtMqtt.WebGateway.Tests;

/// <summary>What is compressed, for whom, and what never is.</summary>
public sealed class CompressionTests(Gateway gateway) : IClassFixture<Gateway>
{
    private const string Script = "/assets/track-B1x_c3-9.js";
    private static readonly string _code = string.Concat(Enumerable.Repeat("let speed = 11; ", 500));

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("gzip, deflate, br", "br")]
    [InlineData("gzip", "gzip")]
    [InlineData("br;q=0, GZIP;q=0.5", "gzip")]
    [InlineData("zstd", null)]
    [InlineData("", null)]
    [InlineData("no, ;;; sense", null)]
    public async Task A_built_file_comes_as_the_browser_accepts_it(string accepted, string? expected)
    {
        using var folder = await BuildAsync();
        await using var built = await gateway.StartAnotherAsync(("Gateway:PagesFolder", folder.Path));
        using var client = built.CreateClient(null);
        using var plain = await GetAsync(client, Script, "");
        using var response = await GetAsync(client, Script, accepted);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(expected, response.Content.Headers.ContentEncoding.SingleOrDefault());
        Assert.Equal(_code, await ReadAsync(response));
        Assert.Equal("text/javascript", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal("public, max-age=31536000, immutable", response.Headers.CacheControl?.ToString());
        Assert.Equal(["Accept-Encoding"], response.Headers.Vary);
        Assert.Equal(expected is null, plain.Headers.ETag!.Tag == response.Headers.ETag!.Tag);

        using var again = new HttpRequestMessage(HttpMethod.Get, Script);
        again.Headers.TryAddWithoutValidation("Accept-Encoding", accepted);
        again.Headers.IfNoneMatch.Add(response.Headers.ETag);
        using var unchanged = await client.SendAsync(again, Token);
        Assert.Equal(HttpStatusCode.NotModified, unchanged.StatusCode);
    }

    [Fact]
    public async Task An_archive_that_is_read_in_ranges_is_never_compressed()
    {
        using var folder = await BuildAsync();
        await using var built = await gateway.StartAnotherAsync(("Gateway:PagesFolder", folder.Path));
        using var client = built.CreateClient(null);
        using var range = new HttpRequestMessage(HttpMethod.Get, "/world.pmtiles") { Headers = { Range = new(2, 4) } };
        range.Headers.TryAddWithoutValidation("Accept-Encoding", "br, gzip");
        using var part = await client.SendAsync(range, Token);

        Assert.Equal(HttpStatusCode.PartialContent, part.StatusCode);
        Assert.Empty(part.Content.Headers.ContentEncoding);
        Assert.Empty(part.Headers.Vary);
        Assert.Equal("234", await part.Content.ReadAsStringAsync(Token));
    }

    [Fact]
    public async Task Streets_are_compressed()
    {
        using var folder = new TestFolder();
        var streets = Path.Combine(folder.Path, "streets.geojson");
        await File.WriteAllTextAsync(streets, _code, Token);
        await using var mapped = await gateway.StartAnotherAsync(("Map:StreetsFile", streets));
        using var client = mapped.CreateClient(null);
        using var response = await GetAsync(client, "/map/streets.geojson", "gzip, br");

        Assert.Equal(["br"], response.Content.Headers.ContentEncoding);
        Assert.Equal(["Accept-Encoding"], response.Headers.Vary);
        Assert.NotNull(response.Content.Headers.LastModified);
        Assert.Equal(_code, await ReadAsync(response));
    }

    [Theory]
    [InlineData("gzip, br", "br")]
    [InlineData("gzip", "gzip")]
    [InlineData("", null)]
    public async Task Rows_of_a_route_are_compressed(string accepted, string? expected)
    {
        var (_, _, device) = await gateway.CreateAssignedAsync();
        await gateway.StoreAsync(device, null, [.. Enumerable.Range(0, 2_000).Select(second => Gateway.PositionAt(second))]);
        using var client = gateway.CreateClient(gateway.Dispatcher.ToString());
        var path = $"/api/devices/{device}/route?format=rows";
        using var plain = await GetAsync(client, path, "");
        using var response = await GetAsync(client, path, accepted);
        using var wrong = await GetAsync(client, $"{path}&limit=0", accepted);

        Assert.Equal(expected, response.Content.Headers.ContentEncoding.SingleOrDefault());
        var sent = (await response.Content.ReadAsByteArrayAsync(Token)).Length;
        var text = await ReadAsync(response);
        Assert.Equal(await plain.Content.ReadAsStringAsync(Token), text);
        Assert.EndsWith("\"truncated\":false}", text, StringComparison.Ordinal);
        // It came in parts of 16 KiB, each flushed by itself.
        Assert.True(expected is null || sent < text.Length / 5, $"{sent} of {text.Length}");
        Assert.Equal((HttpStatusCode.BadRequest, 0), (wrong.StatusCode, wrong.Content.Headers.ContentEncoding.Count));
    }

    [Fact]
    public async Task Answers_of_the_API_are_not_compressed()
    {
        var (id, customer, device) = await gateway.CreateAssignedAsync();
        await gateway.StoreAsync(device, id, [.. Enumerable.Range(0, 200).Select(second => Gateway.PositionAt(second))]);
        using var client = gateway.CreateClient(customer);
        foreach (var path in new[] { $"/api/requests/{id}", $"/api/requests/{id}/route", "/api/map/config" })
        {
            using var response = await GetAsync(client, path, "gzip, br");
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            Assert.Empty(response.Content.Headers.ContentEncoding);
        }
    }

    /// <summary>Pages as the build leaves them.</summary>
    private static async Task<TestFolder> BuildAsync()
    {
        var folder = new TestFolder();
        Directory.CreateDirectory(Path.Combine(folder.Path, "assets"));
        var script = folder.Path + Script;
        await File.WriteAllTextAsync(script, _code, Token);
        await using (var brotli = new BrotliStream(File.Create(script + ".br"), CompressionLevel.Optimal))
        {
            await brotli.WriteAsync(Encoding.UTF8.GetBytes(_code), Token);
        }

        await using (var gzip = new GZipStream(File.Create(script + ".gz"), CompressionLevel.Optimal))
        {
            await gzip.WriteAsync(Encoding.UTF8.GetBytes(_code), Token);
        }

        await File.WriteAllTextAsync(Path.Combine(folder.Path, "world.pmtiles"), "0123456789", Token);
        return folder;
    }

    private static async Task<HttpResponseMessage> GetAsync(HttpClient client, string path, string accepted)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.TryAddWithoutValidation("Accept-Encoding", accepted);
        return await client.SendAsync(request, Token);
    }

    private static async Task<string> ReadAsync(HttpResponseMessage response)
    {
        await using var body = await response.Content.ReadAsStreamAsync(Token);
        await using var plain = response.Content.Headers.ContentEncoding.SingleOrDefault() switch
        {
            "br" => new BrotliStream(body, CompressionMode.Decompress),
            "gzip" => new GZipStream(body, CompressionMode.Decompress),
            _ => body,
        };
        using var reader = new StreamReader(plain);
        return await reader.ReadToEndAsync(Token);
    }
}
