using System.Globalization;
using System.Net;
using ArtMqtt.DeviceAgent.Clocks;
using ArtMqtt.DeviceAgent.Simulation;
using ArtMqtt.DeviceAgent.Sources.Inputs;
using Microsoft.Extensions.Logging;

namespace ArtMqtt.DeviceAgent.Sources;

/// <summary>Where fixes come from, as text: <c>kind:rest</c>.</summary>
/// <param name="Kind">What speaks there.</param>
/// <param name="Host">Host, path of the port or file, or latitude.</param>
/// <param name="Number">TCP or UDP port, baud, or 0.</param>
/// <param name="Rest">gpsd: the device; simulator: <c>LAT,LNG</c>.</param>
internal sealed record SourceAddress(string Kind, string Host, int Number, string? Rest)
{
    /// <summary>What can be given.</summary>
    public const string Forms =
        "gpsd:HOST[:PORT][/DEVICE], serial:PORT[@BAUD], tcp:HOST:PORT, udp:[ADDRESS:]PORT, nmea:FILE and json:FILE "
        + "(- is standard input), or sim:LAT,LNG";

    private const int GpsdPort = 2947;
    private const int DefaultBaud = 9600;

    /// <summary>Reads the text form.</summary>
    public static bool TryParse(string? text, out SourceAddress address)
    {
        var (kind, rest) = Cut(text ?? "", ':');
        address = new SourceAddress(kind, rest ?? "", 0, null);
        switch (kind)
        {
            case "gpsd":
                var slash = address.Host.IndexOf('/');
                var server = slash < 0 ? address.Host : address.Host[..slash];
                var (host, port) = CutLast(server.Length == 0 ? "localhost" : server, ':');
                address = new(kind, host, ParseNumber(port, GpsdPort), slash < 0 ? null : address.Host[slash..]);
                return address is { Host.Length: > 0, Number: > 0 and <= 65535 };
            case "serial":
                var (path, baud) = CutLast(address.Host, '@');
                address = new(kind, path, ParseNumber(baud, DefaultBaud), null);
                return address is { Host.Length: > 0, Number: >= 300 and <= 4_000_000 };
            case "tcp":
                var (name, service) = CutLast(address.Host, ':');
                address = new(kind, name, ParseNumber(service, 0), null);
                return address is { Host.Length: > 0, Number: > 0 and <= 65535 };
            case "udp":
                var (local, at) = CutLast(address.Host, ':');
                address = new(kind, at is null ? "0.0.0.0" : local.Trim('[', ']'), ParseNumber(at ?? local, 0), null);
                return IPAddress.TryParse(address.Host, out _) && address.Number is > 0 and <= 65535;
            case "nmea" or "json":
                return address.Host.Length > 0;
            case "sim":
                return TryParsePlace(address.Host, out _, out _);
            default:
                return false;
        }
    }

    /// <summary>Makes the source.</summary>
    public IFixSource Create(bool allowMissingChecksum, BootClock clock, TimeProvider time, ILogger logger)
    {
        NmeaSource Nmea(IReceiverInput input) => new(input, allowMissingChecksum, time, logger, new MissingTime(clock));
        switch (Kind)
        {
            case "gpsd": return new GpsdSource(Host, Number, Rest, time, logger, new MissingTime(clock));
            case "serial": return Nmea(new SerialInput(Host, Number));
            case "tcp": return Nmea(new TcpInput(Host, Number));
            case "udp": return Nmea(new UdpInput(new IPEndPoint(IPAddress.Parse(Host), Number)));
            case "nmea": return Nmea(OpenFile());
            case "json": return new JsonLinesSource(OpenFile(), time, logger);
            default:
                _ = TryParsePlace(Host, out var latitude, out var longitude);
                return new SimulatorSource(latitude, longitude, seed: 1, time);
        }
    }

    private IReceiverInput OpenFile() =>
        Host == "-" ? new StandardInput(Console.OpenStandardInput) : new FileInput(Path.GetFullPath(Host));

    private static (string Before, string? Behind) Cut(string text, char at) =>
        text.IndexOf(at) is >= 0 and var i ? (text[..i], text[(i + 1)..]) : (text, null);

    private static (string Before, string? Behind) CutLast(string text, char at) =>
        text.LastIndexOf(at) is >= 0 and var i ? (text[..i].Trim('[', ']'), text[(i + 1)..]) : (text, null);

    private static int ParseNumber(string? text, int otherwise) => text is null
        ? otherwise
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : -1;

    private static bool TryParsePlace(string text, out double latitude, out double longitude)
    {
        var (north, east) = Cut(text, ',');
        longitude = 0;
        return double.TryParse(north, NumberStyles.Float, CultureInfo.InvariantCulture, out latitude)
            && double.TryParse(east, NumberStyles.Float, CultureInfo.InvariantCulture, out longitude)
            && latitude is >= -90 and <= 90 && longitude is >= -180 and <= 180;
    }
}
