namespace ArtMqtt.DeviceAgent.Sources;

/// <summary>What a source read and what it left out, and why.</summary>
internal sealed class SourceCounts
{
    /// <summary>Track points or lines seen.</summary>
    public long Read { get; set; }

    /// <summary>Fixes handed on.</summary>
    public long Fixes { get; set; }

    /// <summary>Fixes without a time, or without a date that any sentence told.</summary>
    public long WithoutTime { get; set; }

    /// <summary>Coordinates, times or numbers that cannot be.</summary>
    public long Invalid { get; set; }

    /// <summary>NMEA: RMC sentences with status V.</summary>
    public long VoidRmc { get; set; }

    /// <summary>NMEA: GGA sentences with quality 0.</summary>
    public long VoidGga { get; set; }

    /// <summary>NMEA: sentences whose checksum is wrong.</summary>
    public long ChecksumWrong { get; set; }

    /// <summary>NMEA: sentences without a checksum, whether used or not.</summary>
    public long ChecksumMissing { get; set; }

    /// <summary>NMEA: AIS (<c>!</c>) and proprietary (<c>$P</c>) sentences.</summary>
    public long Foreign { get; set; }

    /// <summary>Lines that are no sentence, or no report of gpsd, at all.</summary>
    public long Garbage { get; set; }

    /// <summary>gpsd: reports without a fix.</summary>
    public long NoFix { get; set; }

    /// <summary>Satellites the receiver sees at the moment, of all systems.</summary>
    public int SatellitesInView { get; set; }

    /// <summary>Satellites its newest fix was made from.</summary>
    public int SatellitesUsed { get; set; }

    /// <summary>Starts over, for another pass.</summary>
    public void Reset() => (Read, Fixes, WithoutTime, Invalid, VoidRmc, VoidGga, ChecksumWrong, ChecksumMissing, Foreign,
        Garbage, NoFix) = (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
}
