using ArtMqtt.Store.Routes;

namespace ArtMqtt.WebGateway.Routes;

/// <summary>Streams a route as a GeoJSON <c>FeatureCollection</c>, or as rows; memory does not grow with its length in features.</summary>
/// <param name="points">The positions, oldest first; one more than the limit when there are more.</param>
/// <param name="query">What was asked for.</param>
internal sealed class RouteResult(IAsyncEnumerable<RoutePoint> points, RouteQuery query) : IResult
{
    public const string ContentType = "application/geo+json";

    public async Task ExecuteAsync(HttpContext context)
    {
        await using var rows = points.GetAsyncEnumerator(context.RequestAborted);
        // The first row before the first byte: when the database fails here, the answer can still be an error.
        var hasRow = await rows.MoveNextAsync();

        context.Response.ContentType = query.AsRows ? RowsShape.ContentType : ContentType;
        context.Response.Headers.CacheControl = "no-store";
        // What fails from here on breaks the transfer: an error would follow what was written already.
        await context.Response.StartAsync(context.RequestAborted);
        await using var json = new GeoJsonWriter(context.Response.BodyWriter);
        var shape = query.Shape(json);
        shape.Begin();
        RoutePoint? last = null;
        for (var count = 0; hasRow && count < query.Limit; count++)
        {
            last = rows.Current;
            shape.Add(last);
            await json.FlushIfLargeAsync(context.RequestAborted);
            hasRow = await rows.MoveNextAsync();
        }

        shape.End(hasRow ? RouteCursor.Of(last!).ToString() : null);
        await json.FlushAsync(context.RequestAborted);
    }
}
