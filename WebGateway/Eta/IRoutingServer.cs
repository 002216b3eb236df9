namespace ArtMqtt.WebGateway.Eta;

/// <summary>How one kind of routing server is asked, and how its answer is read. No I/O.</summary>
internal interface IRoutingServer
{
    /// <summary>Its name as the source of an ETA.</summary>
    string Source { get; }

    /// <summary>The question.</summary>
    HttpRequestMessage Ask(EtaQuery query);

    /// <summary>Reads the answer, UTF-8 JSON; null when it says nothing of a way.</summary>
    /// <exception cref="System.Text.Json.JsonException">It is not the JSON of such a server.</exception>
    RoutedWay? Read(ReadOnlyMemory<byte> answer);
}

/// <summary>The way that a routing server found.</summary>
/// <param name="Seconds">On roads as empty as its map says.</param>
/// <param name="Distance">Metres.</param>
internal sealed record RoutedWay(double Seconds, double Distance);
