using System.ComponentModel.DataAnnotations;

namespace ArtMqtt.WebGateway.Eta;

/// <summary>How it is estimated when an operator who is on the way arrives, and when watchers are told.</summary>
internal sealed class EtaOptions
{
    public const string Section = "Gateway:Eta";

    /// <summary>Whether arrivals are estimated. Default true.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>Least time between two estimates of one request. Default 10 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:10:00")]
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Most estimates at the same time; the others wait for their next position. Default 8.</summary>
    [Range(1, 1_000)]
    public int MaxConcurrent { get; init; } = 8;

    /// <summary>Most requests that are followed. Default 20,000.</summary>
    [Range(1, 1_000_000)]
    public int MaxRequests { get; init; } = 20_000;

    /// <summary>How fast what is shown follows what is estimated. Default 60 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:10:00")]
    public TimeSpan Smoothing { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>A smaller change of the arrival is not told. Default 30 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:30:00")]
    public TimeSpan MinChange { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Nor is one that is a smaller part of what is left. Default 0.1.</summary>
    [Range(0.0, 1.0)]
    public double MinChangePart { get; init; } = 0.1;

    /// <summary>After this time even a small change is told, and that there is none. Default 2 min.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "01:00:00")]
    public TimeSpan Refresh { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>So long before the arrival watchers are told, once each; at most 10. Default 10, 5 and 1 min.</summary>
    public IReadOnlyList<TimeSpan>? Thresholds { get; init; }

    /// <summary>So much later than said first is a delay that watchers are told of. Default 5 min.</summary>
    [Range(typeof(TimeSpan), "00:00:30", "24:00:00")]
    public TimeSpan DelayAfter { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Who is asked first. Default <c>History</c>: the fleet's own drives. It answers for the others when they fail.</summary>
    [EnumDataType(typeof(EtaProviderKind))]
    public EtaProviderKind Provider { get; init; }

    /// <summary>Address of the OSRM or Valhalla server, e.g. <c>http://10.0.0.5:5000</c>.</summary>
    public Uri? Url { get; init; }

    /// <summary>OSRM's profile or Valhalla's costing. Default <c>driving</c> or <c>auto</c>.</summary>
    [RegularExpression("[a-z0-9_-]{1,32}")]
    public string? Profile { get; init; }

    /// <summary>Longest that the server is waited for. Default 2 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.050", "00:00:30")]
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Failures in a row after which the server is left alone. Default 5.</summary>
    [Range(1, 1_000)]
    public int MaxFailures { get; init; } = 5;

    /// <summary>How long it is left alone. Default 30 s.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan Pause { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The thresholds that count, longest first.</summary>
    internal IReadOnlyList<TimeSpan> OrderedThresholds => [.. (Thresholds
        ?? [TimeSpan.FromMinutes(10), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(1)]).OrderDescending()];

    internal static bool HasThresholds(EtaOptions options) => options.OrderedThresholds is { Count: <= 10 } thresholds
        && thresholds.All(threshold => threshold >= TimeSpan.FromSeconds(1) && threshold <= TimeSpan.FromHours(24));

    internal static bool HasUrl(EtaOptions options) => options.Provider == EtaProviderKind.History
        || options.Url is { IsAbsoluteUri: true, Scheme: "http" or "https", Query: "", Fragment: "", UserInfo: "" };
}
