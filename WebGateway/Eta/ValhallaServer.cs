using System.Net.Http.Json;
using System.Text.Json;

namespace ArtMqtt.WebGateway.Eta;

/// <summary>Valhalla's HTTP API, <c>/route</c>.</summary>
internal sealed class ValhallaServer(Uri url, string? costing) : IRoutingServer
{
    private readonly string _route = $"{url.AbsoluteUri.TrimEnd('/')}/route";

    /// <inheritdoc/>
    public string Source => "valhalla";

    /// <inheritdoc/>
    public HttpRequestMessage Ask(EtaQuery query) => new(HttpMethod.Post, _route)
    {
        Content = JsonContent.Create(new
        {
            locations = new[]
            {
                new { lat = query.FromLat, lon = query.FromLng }, new { lat = query.ToLat, lon = query.ToLng },
            },
            costing = costing ?? "auto",
            units = "kilometers",
            directions_type = "none",
        }),
    };

    /// <inheritdoc/>
    public RoutedWay? Read(ReadOnlyMemory<byte> answer) =>
        JsonSerializer.Deserialize<Answer>(answer.Span, JsonSerializerOptions.Web)?.Trip is { Status: 0, Summary: { } summary }
            ? new RoutedWay(summary.Time, summary.Length * 1_000)
            : null;

    private sealed record Answer(Trip? Trip);

    private sealed record Trip(int Status, Summary? Summary);

    private sealed record Summary(double Time, double Length);
}
