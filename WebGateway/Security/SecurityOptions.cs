using System.ComponentModel.DataAnnotations;

namespace ArtMqtt.WebGateway.Security;

/// <summary>Limits that protect the sign-in.</summary>
internal sealed class SecurityOptions
{
    public const string Section = "Gateway:Security";

    /// <summary>Refused tokens per address (IPv6: /64) and minute, then 429. Default 60.</summary>
    [Range(1, 1_000_000)]
    public int FailedAttemptsPerMinute { get; init; } = 60;

    /// <summary>Hashes of customers' tokens kept in memory. Default 10,000.</summary>
    [Range(1, 10_000_000)]
    public int CachedTokens { get; init; } = 10_000;
}
