using System.ComponentModel.DataAnnotations;

namespace ArtMqtt.WebGateway.Sharing;

/// <summary>Links that are handed out for a request.</summary>
internal sealed class SharingOptions
{
    public const string Section = "Gateway:Sharing";

    /// <summary>How long a link lives at most, and when nothing is said: if the job does not end before. Default 7 days.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "365.00:00:00")]
    public TimeSpan MaxLife { get; init; } = TimeSpan.FromDays(7);

    /// <summary>Most links of one request, those that ended included. Default 50.</summary>
    [Range(1, 10_000)]
    public int MaxPerRequest { get; init; } = 50;

    /// <summary>Whether customers may hand out links to look on. Default: yes.</summary>
    public bool ByCustomers { get; init; } = true;

    /// <summary>
    /// Whether the audit keeps whole addresses, and not only the network they come from (/24 of IPv4, /48 of IPv6). Default: no.
    /// </summary>
    public bool FullAddresses { get; init; }

    /// <summary>Most openings of one link that are kept; the oldest go. Default 1,000.</summary>
    [Range(1, 100_000)]
    public int MaxOpens { get; init; } = 1_000;

    /// <summary>How long openings are kept. Default 30 days.</summary>
    [Range(typeof(TimeSpan), "01:00:00", "3650.00:00:00")]
    public TimeSpan KeepOpens { get; init; } = TimeSpan.FromDays(30);

    /// <summary>How long a link is kept in the list after its life is over. Default 90 days.</summary>
    [Range(typeof(TimeSpan), "01:00:00", "3650.00:00:00")]
    public TimeSpan KeepEnded { get; init; } = TimeSpan.FromDays(90);
}
