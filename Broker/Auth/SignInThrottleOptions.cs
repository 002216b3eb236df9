using System.ComponentModel.DataAnnotations;

namespace ArtMqtt.Broker.Auth;

/// <summary>When an address that fails to sign in is not heard for a while.</summary>
public sealed class SignInThrottleOptions
{
    /// <summary>Configuration section.</summary>
    public const string Section = "Broker:SignIn";

    /// <summary>Failed sign-ins of one address (IPv6: /64) in a minute; then it is refused. 0: no limit. Default 60.</summary>
    [Range(0, 1_000_000)]
    public int MaxFailuresPerMinute { get; set; } = 60;

    /// <summary>How long it is refused. Default 1 min.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan RefuseFor { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>Most addresses that are remembered; beyond, the one that failed longest ago is forgotten. Default 10,000.</summary>
    [Range(1, 1_000_000)]
    public int MaxAddresses { get; set; } = 10_000;
}
