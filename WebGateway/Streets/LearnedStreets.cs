using System.Text.Json;
using ArtMqtt.Store.Streets;
using Microsoft.Extensions.Options;

namespace ArtMqtt.WebGateway.Streets;

/// <summary>The streets as they were learned last; each node learns for itself and keeps them in memory.</summary>
internal sealed class LearnedStreets(DriveReader drives, IOptions<StreetOptions> options, TimeProvider time)
{
    // About 4,000 km of streets and 80 MB while it is learned.
    private const int MaxCells = 400_000;

    private volatile Learned? _current;

    /// <summary>GeoJSON as <c>Map:StreetsFile</c> has it, and since when; null when nothing was learned yet.</summary>
    public Learned? Current => _current;

    /// <summary>Learns anew.</summary>
    /// <returns>How many streets there are.</returns>
    public async Task<int> LearnAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var learner = new StreetLearner(options.Value.MinDevices, MaxCells);
        foreach (var drive in await drives.FindAsync(now - options.Value.MaxAge, now, options.Value.MaxTrips, cancellationToken))
        {
            learner.Add(drive.DeviceKey, await drives.ReadAsync(drive, cancellationToken));
        }

        var streets = learner.Learn().ToList();
        _current = streets.Count == 0 ? null : new Learned(Write(streets), now);
        return streets.Count;
    }

    private static byte[] Write(IReadOnlyList<Street> streets) => JsonSerializer.SerializeToUtf8Bytes(new
    {
        type = "FeatureCollection",
        features = streets.Select(street => new
        {
            type = "Feature",
            properties = new { @class = street.Class },
            geometry = new
            {
                type = "LineString",
                // Five decimals are a metre.
                coordinates = street.Line.Select(place => new[] { Math.Round(place.Longitude, 5), Math.Round(place.Latitude, 5) }),
            },
        }),
    });
}

/// <summary>Streets that were learned.</summary>
/// <param name="Json">GeoJSON.</param>
/// <param name="At">When.</param>
internal sealed record Learned(byte[] Json, DateTimeOffset At);
