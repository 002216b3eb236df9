using System.Globalization;
using System.Text.Json;
using System.Xml.Linq;
using ArtMqtt.Contracts.Positions;
using NetTopologySuite.IO;

namespace ArtMqtt.WebGateway.Tests;

/// <summary>Each format, read back by a program that is not ours, number by number.</summary>
public sealed class ExportFormatTests(Gateway gateway) : IClassFixture<Gateway>
{
    private static readonly Position[] _stored = ExportFiles.Positions;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task DuckDb_reads_the_csv()
    {
        using var files = new ExportFiles(gateway);
        var device = await files.CreateDeviceAsync();
        var file = await files.GetAsync($"devices/{device}/export?format=csv&{ExportFiles.Period}");

        // The strict reader, told only what RFC 4180 says.
        var rows = DuckDb.Read(
            "SELECT device_id, fix_time::TIMESTAMPTZ, lat, lng, altitude::FLOAT, speed::FLOAT, heading::FLOAT, accuracy::FLOAT, "
            + "battery::SMALLINT, seq::BIGINT, role, received_at::TIMESTAMPTZ "
            + $"FROM read_csv('{file}', delim = ',', quote = '\"', escape = '\"', header = true, new_line = '\\r\\n')");
        Assert.Equal(_stored.Select(position => RowOf(device, position)), rows);
        var lines = (await File.ReadAllTextAsync(file, Token)).Split("\r\n");
        Assert.Equal(_stored.Length + 2, lines.Length);
        Assert.Empty(lines[^1]);
        Assert.DoesNotContain(lines, line => line.Contains('\n', StringComparison.Ordinal));
    }

    [Fact]
    public async Task DuckDb_reads_the_parquet_file()
    {
        using var files = new ExportFiles(gateway);
        var device = await files.CreateDeviceAsync();
        var file = await files.GetAsync($"devices/{device}/export?format=parquet&{ExportFiles.Period}");

        Assert.Equal(
            [
                "device_id VARCHAR", "fix_time TIMESTAMP WITH TIME ZONE", "lat DOUBLE", "lng DOUBLE", "altitude FLOAT",
                "speed FLOAT", "heading FLOAT", "accuracy FLOAT", "battery SMALLINT", "seq BIGINT", "role VARCHAR",
                "received_at TIMESTAMP WITH TIME ZONE", "geometry GEOMETRY('OGC:CRS84')",
            ],
            DuckDb.Read($"DESCRIBE FROM '{file}'").Select(column => $"{column[0]} {column[1]}"));
        Assert.Equal(
            _stored.Select(position => RowOf(device, position)), DuckDb.Read($"SELECT * EXCLUDE geometry FROM '{file}'"));
        Assert.Equal(
            _stored.Select(position => Wkb(position)),
            DuckDb.Read($"SELECT hex(ST_AsWKB(geometry)) FROM '{file}'").Select(row => (string)row[0]!));
    }

    [Fact]
    public async Task The_parquet_file_says_what_its_geometry_is()
    {
        using var files = new ExportFiles(gateway);
        var device = await files.CreateDeviceAsync();
        var file = await files.GetAsync($"devices/{device}/export?format=parquet&{ExportFiles.Period}");

        var key = Assert.Single(DuckDb.Read($"SELECT decode(key), decode(value) FROM parquet_kv_metadata('{file}')"));
        Assert.Equal("geo", key[0]);
        // East over the date line, from the first place to the last but one.
        Assert.Equal(
            """{"version":"1.1.0","primary_column":"geometry","columns":{"geometry":"""
            + """{"encoding":"WKB","geometry_types":["Point"],"bbox":[11.987654321,-90,-0.1,48.2]}}}""",
            key[1]);
    }

    [Fact]
    public async Task Who_asks_the_parquet_file_for_a_part_finds_it()
    {
        using var files = new ExportFiles(gateway);
        var device = await files.CreateDeviceAsync();
        var file = await files.GetAsync($"devices/{device}/export?format=parquet&{ExportFiles.Period}");

        // Readers skip row groups by the least and largest values that are written beside them.
        Assert.Equal(
            2, DuckDb.ReadOne<long>($"SELECT count(*) FROM '{file}' WHERE fix_time >= '2020-01-01 00:16:40Z'::TIMESTAMPTZ"));
        Assert.Equal(
            4, DuckDb.ReadOne<long>($"SELECT count(*) FROM '{file}' WHERE fix_time < '2020-01-01 00:16:40Z'::TIMESTAMPTZ"));
        Assert.Equal(1, DuckDb.ReadOne<long>($"SELECT count(*) FROM '{file}' WHERE altitude > 8848"));
        Assert.Equal(1, DuckDb.ReadOne<long>($"SELECT count(*) FROM '{file}' WHERE altitude < -12"));
        Assert.Equal(1, DuckDb.ReadOne<long>($"SELECT count(*) FROM '{file}' WHERE seq = {uint.MaxValue}"));
        Assert.Equal(_stored.Length, DuckDb.ReadOne<long>($"SELECT count(*) FROM '{file}' WHERE device_id = '{device}'"));
    }

    [Fact]
    public async Task Ogr_reads_the_geojson()
    {
        using var files = new ExportFiles(gateway);
        var device = await files.CreateDeviceAsync();
        var file = await files.GetAsync($"devices/{device}/export?format=geojson&{ExportFiles.Period}");

        var rows = await ReadWithOgrAsync(file, []);
        Assert.Equal(_stored.Length, rows.Count);
        foreach (var (stored, row) in _stored.Zip(rows))
        {
            Assert.Equal((stored.Longitude, stored.Latitude), (Number(row["X"]), Number(row["Y"])));
            Assert.Equal(device, row["deviceId"]);
            Assert.Equal(stored.FixTime.ToUnixTimeMilliseconds(), long.Parse(row["time"]!, CultureInfo.InvariantCulture));
            Assert.Equal(
                (stored.Speed, stored.Heading, stored.Altitude, stored.Accuracy),
                (Single(row["speed"]), Single(row["heading"]), Single(row["altitude"]), Single(row["accuracy"])));
            Assert.Equal((stored.Battery, stored.Sequence), ((byte?)Number(row["battery"]), (uint?)Number(row["seq"])));
        }
    }

    [Fact]
    public async Task Nts_reads_the_gpx()
    {
        using var files = new ExportFiles(gateway);
        var device = await files.CreateDeviceAsync();
        var file = await files.GetAsync($"devices/{device}/export?format=gpx&{ExportFiles.Period}");

        var gpx = GpxFile.Parse(await File.ReadAllTextAsync(file, Token), new GpxReaderSettings());
        Assert.Equal(ExportFiles.Name, gpx.Metadata.Name);
        var track = Assert.Single(gpx.Tracks);
        Assert.Equal((ExportFiles.Name, device), (track.Name, track.Source));
        Assert.Equal([4, 2], track.Segments.Select(segment => segment.Waypoints.Count));
        foreach (var (stored, point) in _stored.Zip(track.Segments.SelectMany(segment => segment.Waypoints)))
        {
            // 180 is no longitude in GPX.
            Assert.Equal(
                (stored.Longitude == 180 ? -180 : stored.Longitude, stored.Latitude),
                (point.Longitude.Value, point.Latitude.Value));
            Assert.Equal(stored.FixTime.UtcDateTime, point.TimestampUtc);
            Assert.Equal((double?)stored.Altitude, point.ElevationInMeters);
            Assert.Equal(
                (stored.Speed, stored.Heading), (ExtensionOf(point, "speed"), ExtensionOf(point, "course")));
        }
    }

    [Fact]
    public async Task Ogr_reads_the_gpx()
    {
        using var files = new ExportFiles(gateway);
        var device = await files.CreateDeviceAsync();
        var file = await files.GetAsync($"devices/{device}/export?format=gpx&{ExportFiles.Period}");

        var rows = await ReadWithOgrAsync(file, ["track_points"]);
        Assert.Equal(["0", "0", "0", "0", "1", "1"], rows.Select(row => row["track_seg_id"]));
        Assert.Equal(_stored.Select(position => position.Latitude), rows.Select(row => Number(row["Y"])!.Value));
        Assert.Equal(_stored.Select(position => (double?)position.Altitude), rows.Select(row => Number(row["ele"])));
    }

    [Theory]
    [InlineData("gpx")]
    [InlineData("kml")]
    public async Task Gpsbabel_reads_tracks(string format)
    {
        using var files = new ExportFiles(gateway);
        var device = await files.CreateDeviceAsync();
        var file = await files.GetAsync($"devices/{device}/export?format={format}&{ExportFiles.Period}");

        var gpx = XDocument.Parse(
            await ExportFiles.RunAsync("gpsbabel", "-t", "-i", format, "-f", file, "-o", "gpx,gpxver=1.1", "-F", "-"));
        var name = gpx.Root!.Name.Namespace;
        Assert.All(gpx.Descendants(name + "trk"), track => Assert.Equal(ExportFiles.Name, track.Element(name + "name")?.Value));
        Assert.Equal([4, 2], gpx.Descendants(name + "trkseg").Select(segment => segment.Elements(name + "trkpt").Count()));
        foreach (var (stored, point) in _stored.Zip(gpx.Descendants(name + "trkpt")))
        {
            // It writes 9 decimals of places, 3 of heights.
            Assert.Equal(stored.Latitude, Number(point.Attribute("lat")!.Value)!.Value, 9);
            var longitude = format == "gpx" && stored.Longitude == 180 ? -180 : stored.Longitude;
            Assert.Equal(longitude, Number(point.Attribute("lon")!.Value)!.Value, 9);
            Assert.Equal((double?)stored.Altitude, Number(point.Element(name + "ele")?.Value));
            Assert.Equal(stored.FixTime, DateTimeOffset.Parse(point.Element(name + "time")!.Value, CultureInfo.InvariantCulture));
        }
    }

    [Fact]
    public async Task Ogr_reads_the_kml()
    {
        using var files = new ExportFiles(gateway);
        var device = await files.CreateDeviceAsync();
        var file = await files.GetAsync($"devices/{device}/export?format=kml&{ExportFiles.Period}");

        var json = await ExportFiles.RunAsync("ogr2ogr", "-f", "GeoJSON", "/vsistdout/", file, "-lco", "COORDINATE_PRECISION=15");
        using var document = JsonDocument.Parse(json);
        var lines = document.RootElement.GetProperty("features").EnumerateArray().ToList();
        Assert.Equal([4, 2], lines.Select(line => PlacesOf(line).Count));
        Assert.All(lines, line => Assert.Equal(ExportFiles.Name, line.GetProperty("properties").GetProperty("Name").GetString()));
        Assert.Equal(
            // It takes a height that is not there for 0.
            _stored.Select(position => (position.Longitude, position.Latitude, (double)(position.Altitude ?? 0))),
            lines.SelectMany(PlacesOf));
        Assert.Equal("2020-01-01T00:00:01Z", TimeOf(lines[0], "begin"));
        Assert.Equal("2020-01-01T00:16:41.789Z", TimeOf(lines[1], "end"));
    }

    [Fact]
    public async Task The_kml_has_the_values_beside_the_places()
    {
        using var files = new ExportFiles(gateway);
        var device = await files.CreateDeviceAsync();
        var file = await files.GetAsync($"devices/{device}/export?format=kml&{ExportFiles.Period}");

        XNamespace gx = "http://www.google.com/kml/ext/2.2";
        var kml = XDocument.Load(file);
        foreach (var (name, of) in new (string, Func<Position, float?>)[]
        {
            ("speed", p => p.Speed), ("heading", p => p.Heading), ("accuracy", p => p.Accuracy), ("battery", p => p.Battery),
        })
        {
            Assert.Equal(
                _stored.Select(of),
                kml.Descendants(gx + "SimpleArrayData").Where(array => array.Attribute("name")!.Value == name)
                    .SelectMany(array => array.Elements(gx + "value")).Select(value => Single(value.Value)));
        }
    }

    [Fact]
    public async Task DuckDb_reads_the_moving_features()
    {
        using var files = new ExportFiles(gateway);
        var device = await files.CreateDeviceAsync();
        var file = await files.GetAsync($"devices/{device}/export?format=mfjson&{ExportFiles.Period}");

        var features = $"(SELECT unnest(features) f FROM read_json('{file}'))";
        object?[] Feature(long length) => [device, ExportFiles.Name, "Feature", "MovingPoint", length];
        // One line, cut at the date line and at the gap.
        Assert.Equal(
            [Feature(3), Feature(1), Feature(2)],
            DuckDb.Read(
                "SELECT f.properties.deviceId, f.properties.name, f.type, f.temporalGeometry.type, "
                + $"len(f.temporalGeometry.coordinates) FROM {features}"));
        Assert.Equal(
            _stored.Select(position => new object?[] { position.FixTime.UtcDateTime, position.Longitude, position.Latitude }),
            DuckDb.Read(
                "SELECT t::TIMESTAMP, c[1], c[2] FROM (SELECT unnest(f.temporalGeometry.datetimes) t, "
                + $"unnest(f.temporalGeometry.coordinates) c FROM {features})"));
        // What is not known in a whole line is not there; the second line knows its accuracy only.
        foreach (var (name, of) in new (string, Func<Position, float?>)[]
        {
            ("speed", p => p.Speed), ("heading", p => p.Heading), ("altitude", p => p.Altitude), ("accuracy", p => p.Accuracy),
            ("battery", p => p.Battery),
        })
        {
            Assert.Equal(
                _stored.Where(position => of(position) is not null)
                    .Select(position => new object?[] { position.FixTime.UtcDateTime, of(position) }),
                DuckDb.Read(
                    $"SELECT t::TIMESTAMP, v::FLOAT FROM (SELECT unnest(p.datetimes) t, unnest(p.{name}.values) v "
                    + $"FROM (SELECT unnest(f.temporalProperties) p FROM {features})) WHERE v IS NOT NULL"));
        }
    }

    [Theory]
    [InlineData("gpx")]
    [InlineData("kml")]
    public async Task A_name_that_xml_cannot_hold_is_written_as_far_as_it_can(string format)
    {
        using var files = new ExportFiles(gateway);
        var device = await files.CreateDeviceAsync("A\uFFFF\U0001F69B");
        var file = await files.GetAsync($"devices/{device}/export?format={format}&{ExportFiles.Period}");
        var gpx = await ExportFiles.RunAsync("gpsbabel", "-t", "-i", format, "-f", file, "-o", "gpx,gpxver=1.1", "-F", "-");
        Assert.Contains("<name>A\uFFFD\U0001F69B</name>", gpx, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("csv", "device_id")]
    [InlineData("parquet", "geometry")]
    public async Task An_empty_period_is_an_empty_table(string format, string column)
    {
        using var files = new ExportFiles(gateway);
        var device = await files.CreateDeviceAsync();
        var file = await files.GetAsync($"devices/{device}/export?format={format}&{ExportFiles.EmptyPeriod}");
        Assert.Equal(0L, DuckDb.ReadOne<long>($"SELECT count({column}) FROM '{file}'"));
    }

    [Theory]
    [InlineData("gpx")]
    [InlineData("kml")]
    public async Task An_empty_period_is_an_empty_track(string format)
    {
        using var files = new ExportFiles(gateway);
        var device = await files.CreateDeviceAsync();
        var file = await files.GetAsync($"devices/{device}/export?format={format}&{ExportFiles.EmptyPeriod}");
        var gpx = await ExportFiles.RunAsync("gpsbabel", "-t", "-i", format, "-f", file, "-o", "gpx,gpxver=1.1", "-F", "-");
        Assert.DoesNotContain("trkpt", gpx, StringComparison.Ordinal);
        await ExportFiles.RunAsync("ogrinfo", "-ro", "-al", file);
    }

    [Theory]
    [InlineData("geojson")]
    [InlineData("mfjson")]
    public async Task An_empty_period_is_a_collection_without_features(string format)
    {
        using var files = new ExportFiles(gateway);
        var device = await files.CreateDeviceAsync();
        var file = await files.GetAsync($"devices/{device}/export?format={format}&{ExportFiles.EmptyPeriod}");
        Assert.Contains("Feature Count: 0", await ExportFiles.RunAsync("ogrinfo", "-ro", "-al", file), StringComparison.Ordinal);
    }

    private static object?[] RowOf(string device, Position position) =>
    [
        device, position.FixTime.UtcDateTime, position.Latitude, position.Longitude, position.Altitude, position.Speed,
        position.Heading, position.Accuracy, (short?)position.Battery, (long?)position.Sequence, "device", DateTime.UnixEpoch,
    ];

    private static string Wkb(Position position) =>
        "0101000000" + Convert.ToHexString(
            [.. BitConverter.GetBytes(position.Longitude), .. BitConverter.GetBytes(position.Latitude)]);

    private static async Task<List<Dictionary<string, string?>>> ReadWithOgrAsync(string file, string[] layer)
    {
        var csv = await ExportFiles.RunAsync(
            "ogr2ogr", ["-f", "CSV", "/vsistdout/", file, .. layer, "-lco", "GEOMETRY=AS_XY", "-lco", "STRING_QUOTING=IF_NEEDED"]);
        var lines = csv.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(',')).ToList();
        return [.. lines.Skip(1).Select(line => lines[0].Zip(line).ToDictionary(
            field => field.First, field => field.Second.Length == 0 ? null : field.Second))];
    }

    private static float? ExtensionOf(GpxWaypoint point, string name)
    {
        XNamespace garmin = "http://www.garmin.com/xmlschemas/TrackPointExtension/v2";
        var extension = Assert.IsType<ImmutableXElementContainer>(point.Extensions ?? new ImmutableXElementContainer([]));
        return Single(extension.SingleOrDefault(e => e.Name == garmin + "TrackPointExtension")?.Element(garmin + name)?.Value);
    }

    private static List<(double, double, double)> PlacesOf(JsonElement line) =>
        [.. line.GetProperty("geometry").GetProperty("coordinates").EnumerateArray().SelectMany(part => part.EnumerateArray())
            .Select(c => (c[0].GetDouble(), c[1].GetDouble(), c[2].GetDouble()))];

    private static string TimeOf(JsonElement line, string member) =>
        line.GetProperty("properties").GetProperty(member).GetString()!;

    private static double? Number(string? text) =>
        string.IsNullOrEmpty(text) ? null : double.Parse(text, CultureInfo.InvariantCulture);

    private static float? Single(string? text) =>
        string.IsNullOrEmpty(text) ? null : float.Parse(text, CultureInfo.InvariantCulture);
}
