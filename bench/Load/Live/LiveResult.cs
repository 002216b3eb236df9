using ArtMqtt.Load.Measure;

namespace ArtMqtt.Load.Live;

/// <summary>What one server did with one load.</summary>
/// <param name="Name">The server and how it was asked.</param>
/// <param name="Shape">The load, as <see cref="LiveShape.ToString"/> writes it.</param>
/// <param name="OfferedPerSecond">Deliveries per second that were asked for.</param>
/// <param name="DeliveredPerSecond">Deliveries per second that were read.</param>
/// <param name="Missing">Deliveries that never came: newer ones took their place, or the server was too slow.</param>
/// <param name="Latency">From before the send to the reading.</param>
/// <param name="ServerMicroseconds">Processor time of the server for each delivery, in µs.</param>
/// <param name="ServerCores">The same per second.</param>
/// <param name="GeneratorCores">Processor time of the generator: near 1, it was what held things up.</param>
/// <param name="BytesPerDelivery">On the wire to the watcher, without TCP and IP.</param>
/// <param name="ConnectionKilobytes">Resident memory of the server for each connection, in KiB.</param>
/// <param name="ConnectsPerSecond">From the TCP connect to the answered join, 64 at a time.</param>
/// <param name="Failures">Why connections ended, with how many did.</param>
internal sealed record LiveResult(
    string Name, string Shape, double OfferedPerSecond, double DeliveredPerSecond, long Missing, Latency Latency,
    double ServerMicroseconds, double ServerCores, double GeneratorCores, double BytesPerDelivery,
    double ConnectionKilobytes, double ConnectsPerSecond, IReadOnlyDictionary<string, int> Failures)
{
    /// <summary>The table to print.</summary>
    public IEnumerable<(string Label, string Value)> Rows() =>
    [
        ($"{Name}, {Shape}", ""),
        ("offered deliveries", $"{OfferedPerSecond:N0}/s"),
        ("delivered", $"{DeliveredPerSecond:N0}/s"),
        ("missing", $"{Missing:N0}"),
        .. Report.Rows("send to read", Latency),
        ("server, processor time per delivery", $"{ServerMicroseconds:F1} µs"),
        ("server, cores", $"{ServerCores:F2}"),
        ("generator, cores", $"{GeneratorCores:F2}"),
        ("bytes per delivery", $"{BytesPerDelivery:F0}"),
        ("memory of a connection", $"{ConnectionKilobytes:F1} KiB"),
        ("connects", $"{ConnectsPerSecond:N0}/s"),
        .. Failures.Select(failure => (failure.Key, $"{failure.Value}x")),
    ];
}
