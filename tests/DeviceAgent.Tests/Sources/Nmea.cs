using System.Globalization;

namespace ArtMqtt.DeviceAgent.Tests.Sources;

/// <summary>Sentences as a receiver sends them.</summary>
internal static class Nmea
{
    /// <summary>A sentence with its checksum, without the end of line.</summary>
    public static string Sum(string body) =>
        $"${body}*{body.Aggregate(0, (sum, c) => sum ^ c).ToString("X2", CultureInfo.InvariantCulture)}";

    /// <summary>RMC and GGA of one moment on 27 November 2026, with ends of line.</summary>
    public static string Moment(int second, string latitude = "4807.038")
    {
        var time = TimeSpan.FromSeconds(36_000 + second).ToString("hhmmss", CultureInfo.InvariantCulture);
        return Sum($"GPRMC,{time}.00,A,{latitude},N,01131.000,E,10.0,84.0,271126,,,A") + "\r\n"
            + Sum($"GPGGA,{time}.00,{latitude},N,01131.000,E,1,08,1.0,500.0,M,46.9,M,,") + "\r\n";
    }
}
