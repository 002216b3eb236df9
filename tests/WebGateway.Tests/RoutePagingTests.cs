using System.Text.Json;
using ArtMqtt.Contracts.Positions;

namespace ArtMqtt.WebGateway.Tests;

/// <summary>Parts and samples of long routes.</summary>
public sealed class RoutePagingTests(Gateway gateway) : IClassFixture<Gateway>
{
    [Theory]
    [InlineData("")]
    [InlineData("&bucketSeconds=60")]
    public async Task A_route_comes_in_pages_without_a_gap_or_a_double(string sample)
    {
        var device = await gateway.CreateDeviceAsync();
        await gateway.StoreAsync(device, null, [.. Enumerable.Range(0, 1_000).Select(s => Gateway.PositionAt(7 * s))]);
        var whole = Times(await GetAsync($"devices/{device}/route?format=points{sample}"));
        Assert.Equal(sample.Length == 0 ? 1_000 : 117, whole.Count);

        Assert.Equal(whole, await PageAsync($"devices/{device}/route?format=points&limit=13{sample}"));
        // From the middle of a bucket on, the sample stays the same.
        Assert.Equal(whole, await PageAsync($"devices/{device}/route?format=points&limit=1{sample}", most: 2_000));
    }

    [Fact]
    public async Task Two_devices_of_a_request_at_the_same_time_are_both_in_the_pages()
    {
        var (id, _, first) = await gateway.CreateAssignedAsync();
        var second = await gateway.CreateDeviceAsync();
        Position[] positions = [.. Enumerable.Range(0, 20).Select(s => Gateway.PositionAt(s))];
        await gateway.StoreAsync(first, id, positions);
        await gateway.StoreAsync(second, id, positions);
        var paged = await PageAsync($"requests/{id}/route?format=points&limit=3");
        Assert.Equal(positions.SelectMany(p => new[] { p, p }).Select(p => p.FixTime.ToUnixTimeMilliseconds()), paged);
    }

    [Fact]
    public async Task A_bucket_gives_its_first_position()
    {
        var device = await gateway.CreateDeviceAsync();
        await gateway.StoreAsync(
            device, null, Gateway.PositionAt(5), Gateway.PositionAt(10), Gateway.PositionAt(59), Gateway.PositionAt(60),
            Gateway.PositionAt(61), Gateway.PositionAt(185), Gateway.PositionAt(300));
        var times = Times(await GetAsync($"devices/{device}/route?format=points&bucketSeconds=60"));
        Assert.Equal(TimesAt(5, 60, 185, 300), times);
    }

    [Fact]
    public async Task A_tolerance_leaves_out_what_the_line_does_not_need()
    {
        var device = await gateway.CreateDeviceAsync();
        // North, then east.
        await gateway.StoreAsync(
            device, null,
            [.. Enumerable.Range(0, 400).Select(s => Gateway.PositionAt(s, 48 + (Math.Min(s, 200) / 1e4), 11 + (Math.Max(0, s - 200) / 1e4)))]);
        var line = Assert.Single((await GetAsync($"devices/{device}/route?tolerance=3")).GetProperty("features").EnumerateArray());
        Assert.Equal(
            TimesAt(0, 200, 399),
            line.GetProperty("properties").GetProperty("times").EnumerateArray().Select(t => t.GetInt64()));
        // The limit counts what was read, so pages do not depend on the tolerance.
        var page = await GetAsync($"devices/{device}/route?tolerance=3&limit=300");
        Assert.EndsWith(
            $"{Gateway.PositionAt(299).FixTime.UtcTicks}", page.GetProperty("cursor").GetString()!.Split('_')[0],
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("after=yesterday", "after")]
    [InlineData("after=1_", "after")]
    [InlineData("after=99999999999999999999_1", "after")]
    [InlineData("tolerance=0", "tolerance")]
    [InlineData("tolerance=NaN", "tolerance")]
    [InlineData("bucketSeconds=0", "bucketSeconds")]
    [InlineData("bucketSeconds=86401", "bucketSeconds")]
    public async Task Bad_queries_are_refused(string query, string field)
    {
        var device = await gateway.CreateDeviceAsync();
        var answer = await gateway.CallAsync("GET", $"/api/devices/{device}/route?{query}");
        Assert.Equal((400, "invalid_request"), (answer.Status, answer.Code));
        Assert.True(answer.Json.GetProperty("errors").TryGetProperty(field, out _), answer.Text);
    }

    private static IEnumerable<long> TimesAt(params int[] seconds) =>
        seconds.Select(s => Gateway.PositionAt(s).FixTime.ToUnixTimeMilliseconds());

    private static List<long> Times(JsonElement answer) => [.. answer.GetProperty("features").EnumerateArray()
        .Select(f => f.GetProperty("properties").GetProperty("time").GetInt64())];

    private async Task<List<long>> PageAsync(string path, int most = 100)
    {
        var times = new List<long>();
        var after = "";
        for (var page = 0; page < most; page++)
        {
            var answer = await GetAsync($"{path}{after}");
            times.AddRange(Times(answer));
            if (!answer.TryGetProperty("cursor", out var cursor))
            {
                return times;
            }

            after = $"&after={cursor.GetString()}";
        }

        Assert.Fail("The pages do not end.");
        return times;
    }

    private async Task<JsonElement> GetAsync(string path)
    {
        var answer = await gateway.CallAsync("GET", $"/api/{path}");
        Assert.True(answer.Status == 200, answer.Text);
        return answer.Json;
    }
}
