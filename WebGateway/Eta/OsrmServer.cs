using System.Globalization;
using System.Text.Json;

namespace ArtMqtt.WebGateway.Eta;

/// <summary>OSRM's HTTP API, <c>/route/v1</c>.</summary>
internal sealed class OsrmServer(Uri url, string? profile) : IRoutingServer
{
    private readonly string _route = $"{url.AbsoluteUri.TrimEnd('/')}/route/v1/{profile ?? "driving"}/";

    /// <inheritdoc/>
    public string Source => "osrm";

    /// <inheritdoc/>
    public HttpRequestMessage Ask(EtaQuery query) => new(HttpMethod.Get, string.Create(
        CultureInfo.InvariantCulture,
        $"{_route}{query.FromLng:F6},{query.FromLat:F6};{query.ToLng:F6},{query.ToLat:F6}?overview=false"));

    /// <inheritdoc/>
    public RoutedWay? Read(ReadOnlyMemory<byte> answer) =>
        JsonSerializer.Deserialize<Answer>(answer.Span, JsonSerializerOptions.Web) is { Code: "Ok", Routes: [{ } route, ..] }
            ? new RoutedWay(route.Duration, route.Distance)
            : null;

    private sealed record Answer(string? Code, IReadOnlyList<Route?>? Routes);

    private sealed record Route(double Duration, double Distance);
}
