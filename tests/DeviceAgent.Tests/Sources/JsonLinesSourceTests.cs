using System.Text;
using ArtMqtt.DeviceAgent.Sources;
using ArtMqtt.DeviceAgent.Sources.Inputs;
using Microsoft.Extensions.Logging.Abstractions;

namespace ArtMqtt.DeviceAgent.Tests.Sources;

public sealed class JsonLinesSourceTests
{
    [Fact]
    public async Task Reads_objects_and_arrays_and_counts_the_rest()
    {
        var text = """
            {"lat":48.1,"lng":11.5,"timestamp":1795773600000,"speed":3.5}
            not json
            [{"lat":48.2,"lng":11.5,"timestamp":1795773601000},{"lat":48.3,"lng":11.5,"timestamp":"2026-11-27T10:00:02Z"}]
            {"lat":98.1,"lng":11.5,"timestamp":1795773600000}
            {"lat":48.4,"lng":11.5,"timestamp":1795773603000}
            {"lat":48.5,"lng":11.5,"timestamp":7000}
            """;
        var source = new JsonLinesSource(
            new StandardInput(() => new MemoryStream(Encoding.UTF8.GetBytes(text))), TimeProvider.System,
            NullLogger.Instance);

        var fixes = await source.ReadAsync(TestContext.Current.CancellationToken).ToListAsync(
            TestContext.Current.CancellationToken);

        Assert.Equal([48.1, 48.2, 48.3, 48.4], fixes.Select(f => f.Latitude));
        Assert.Equal(3.5f, fixes[0].Speed);
        Assert.Equal(
            (6, 4, 2, 1),
            (source.Counts.Read, source.Counts.Fixes, source.Counts.Invalid, source.Counts.WithoutTime));
    }
}
