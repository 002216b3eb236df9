using ArtMqtt.Contracts.Positions;
using ArtMqtt.Store.Routes;

namespace ArtMqtt.WebGateway.Routes;

/// <summary>Streams cells as a GeoJSON <c>FeatureCollection</c>: a Point in the middle of each.</summary>
/// <param name="cells">The cells; one more than the limit when there are more.</param>
/// <param name="query">What was asked for.</param>
internal sealed class HeatResult(IAsyncEnumerable<HeatCell> cells, HeatQuery query) : IResult
{
    public async Task ExecuteAsync(HttpContext context)
    {
        await using var rows = cells.GetAsyncEnumerator(context.RequestAborted);
        // The first row before the first byte: when the database fails here, the answer can still be an error.
        var hasRow = await rows.MoveNextAsync();

        context.Response.ContentType = RouteResult.ContentType;
        context.Response.Headers.CacheControl = "no-store";
        // What fails from here on breaks the transfer: an error would follow what was written already.
        await context.Response.StartAsync(context.RequestAborted);
        await using var json = new GeoJsonWriter(context.Response.BodyWriter);
        json.BeginCollection();
        for (var count = 0; hasRow && count < query.Limit; count++)
        {
            Write(json, rows.Current);
            await json.FlushIfLargeAsync(context.RequestAborted);
            hasRow = await rows.MoveNextAsync();
        }

        json.EndCells(query.Zoom, hasRow);
        await json.FlushAsync(context.RequestAborted);
    }

    private void Write(GeoJsonWriter json, HeatCell cell)
    {
        json.BeginFeature("Point");
        json.WritePlace(MiddleOf(cell, 1 << query.Zoom));
        json.Json.WriteEndObject();
        json.Json.WriteStartObject("properties");
        json.Json.WriteNumber("x", cell.X);
        json.Json.WriteNumber("y", cell.Y);
        json.Json.WriteNumber("positions", cell.Positions);
        json.Json.WriteNumber("devices", cell.Devices);
        json.Json.WriteEndObject();
        json.Json.WriteEndObject();
    }

    private static Position MiddleOf(HeatCell cell, int across)
    {
        var north = (0.5 - ((cell.Y + 0.5) / across)) * Math.Tau;
        return new Position(
            Math.Round(double.RadiansToDegrees((2 * Math.Atan(Math.Exp(north))) - (Math.PI / 2)), 7),
            Math.Round(((cell.X + 0.5) / across * 360) - 180, 7), default);
    }
}
