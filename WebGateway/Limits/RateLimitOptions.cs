using System.ComponentModel.DataAnnotations;

namespace ArtMqtt.WebGateway.Limits;

/// <summary>
/// How many calls one caller may make: a person by the subject of the token, a device by its id, others by token and address.
/// What was not used in a minute may be used at once in the next. 0: no limit.
/// </summary>
internal sealed class RateLimitOptions
{
    public const string Section = "Gateway:RateLimits";

    /// <summary>Calls that read, polls among them. Default 30,000.</summary>
    [Range(0, 100_000_000)]
    public int ReadsPerMinute { get; init; } = 30_000;

    /// <summary>Calls that change something. Default 12,000.</summary>
    [Range(0, 100_000_000)]
    public int ChangesPerMinute { get; init; } = 12_000;

    /// <summary>Exports that are begun. Default 600.</summary>
    [Range(0, 100_000_000)]
    public int ExportsPerMinute { get; init; } = 600;

    public int Of(CallClass cost) => cost switch
    {
        CallClass.Export => ExportsPerMinute,
        CallClass.Change => ChangesPerMinute,
        _ => ReadsPerMinute,
    };
}
