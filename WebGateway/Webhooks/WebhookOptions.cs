using System.ComponentModel.DataAnnotations;
using System.Net;

namespace ArtMqtt.WebGateway.Webhooks;

/// <summary>How events are sent to webhooks.</summary>
internal sealed class WebhookOptions : IValidatableObject
{
    public const string Section = "Gateway:Webhooks";

    /// <summary>Whether this node sends; events are made all the same, and wait. Default true.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>Whether endpoints may listen on http. Default false: https only.</summary>
    public bool AllowHttp { get; init; }

    /// <summary>
    /// Networks (CIDR) that are called although they are private, of this machine or otherwise special. Default: none.
    /// </summary>
    public IReadOnlyList<string> AllowedNetworks { get; init; } = [];

    /// <summary>
    /// HTTP proxy that all calls go through; it then decides which addresses may be called. Default: none, and none of the
    /// environment.
    /// </summary>
    public Uri? Proxy { get; init; }

    /// <summary>Most endpoints of a tenant. Default 50.</summary>
    [Range(1, 10_000)]
    public int MaxEndpoints { get; init; } = 50;

    /// <summary>How often it is looked for what is due. Default 1 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:01:00")]
    public TimeSpan PollInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Longest time to connect. Default 5 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:01:00")]
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Longest time from the call to the answer's head. Default 15 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:01:00")]
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Most calls of this node at the same time. Default 64.</summary>
    [Range(1, 10_000)]
    public int MaxConcurrent { get; init; } = 64;

    /// <summary>Most of them to one endpoint. Default 4.</summary>
    [Range(1, 1_000)]
    public int MaxConcurrentPerEndpoint { get; init; } = 4;

    /// <summary>Wait after the first failed attempt; then three times as long each time. Default 5 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "01:00:00")]
    public TimeSpan RetryAfter { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Longest wait between two attempts. Default 2 h.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "1.00:00:00")]
    public TimeSpan MaxRetryAfter { get; init; } = TimeSpan.FromHours(2);

    /// <summary>How long an event is tried; then it is a dead letter. Default 24 h.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "30.00:00:00")]
    public TimeSpan GiveUpAfter { get; init; } = TimeSpan.FromHours(24);

    /// <summary>After how long without a single success an endpoint is disabled. Default 5 days.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "365.00:00:00")]
    public TimeSpan DisableAfter { get; init; } = TimeSpan.FromDays(5);

    /// <summary>How long deliveries are kept for who looks. Default 3 days.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "365.00:00:00")]
    public TimeSpan KeepDelivered { get; init; } = TimeSpan.FromDays(3);

    /// <summary>How long dead letters are kept. Default 30 days.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "365.00:00:00")]
    public TimeSpan KeepFailed { get; init; } = TimeSpan.FromDays(30);

    /// <summary>How long a replaced secret signs too when the call does not say it. Default 24 h.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "30.00:00:00")]
    public TimeSpan SecretOverlap { get; init; } = TimeSpan.FromHours(24);

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        foreach (var network in AllowedNetworks.Where(network => !IPNetwork.TryParse(network, out _)))
        {
            yield return new ValidationResult(
                $"{Section}:{nameof(AllowedNetworks)} has '{network}': must be a network as 10.1.0.0/16.",
                [nameof(AllowedNetworks)]);
        }

        if (Proxy is { } proxy && proxy is not { IsAbsoluteUri: true, Scheme: "http" or "https" })
        {
            yield return new ValidationResult($"{Section}:{nameof(Proxy)} must be an http(s) address.", [nameof(Proxy)]);
        }
    }
}
