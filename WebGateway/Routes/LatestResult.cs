using ArtMqtt.Store.Routes;

namespace ArtMqtt.WebGateway.Routes;

/// <summary>Streams where devices are as a GeoJSON <c>FeatureCollection</c>; memory does not grow with their number.</summary>
/// <param name="devices">The newest positions; one more than the limit when there are more.</param>
/// <param name="limit">Most devices written.</param>
internal sealed class LatestResult(IAsyncEnumerable<LatestPosition> devices, int limit) : IResult
{
    public async Task ExecuteAsync(HttpContext context)
    {
        await using var rows = devices.GetAsyncEnumerator(context.RequestAborted);
        // The first row before the first byte: when the database fails here, the answer can still be an error.
        var hasRow = await rows.MoveNextAsync();

        context.Response.ContentType = RouteResult.ContentType;
        context.Response.Headers.CacheControl = "no-store";
        // What fails from here on breaks the transfer: an error would follow what was written already.
        await context.Response.StartAsync(context.RequestAborted);
        await using var json = new GeoJsonWriter(context.Response.BodyWriter);
        json.BeginCollection();
        string? last = null;
        for (var count = 0; hasRow && count < limit; count++)
        {
            Write(json, rows.Current);
            last = rows.Current.DeviceId;
            await json.FlushIfLargeAsync(context.RequestAborted);
            hasRow = await rows.MoveNextAsync();
        }

        json.EndCollection(hasRow ? last : null);
        await json.FlushAsync(context.RequestAborted);
    }

    private static void Write(GeoJsonWriter json, LatestPosition latest)
    {
        json.BeginFeature("Point");
        json.WritePlace(latest.Point.Position);
        json.Json.WriteEndObject();
        json.Json.WriteStartObject("properties");
        json.Json.WriteString("deviceId", latest.DeviceId);
        if (latest.Name is { } name)
        {
            json.Json.WriteString("name", name);
        }

        if (latest.RequestId is { } requestId)
        {
            json.Json.WriteString("requestId", requestId);
        }

        json.WriteFields(latest.Point);
        json.Json.WriteEndObject();
        json.Json.WriteEndObject();
    }
}
