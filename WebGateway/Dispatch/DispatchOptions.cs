using System.ComponentModel.DataAnnotations;

namespace ArtMqtt.WebGateway.Dispatch;

/// <summary>How it is found who could serve a request.</summary>
internal sealed class DispatchOptions
{
    public const string Section = "Gateway:Dispatch";

    /// <summary>A vehicle that was silent for longer is not proposed. Default 15 min.</summary>
    [Range(typeof(TimeSpan), "00:00:10", "7.00:00:00")]
    public TimeSpan MaxAge { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>
    /// For so many vehicles, the nearest in a straight line, it is asked how long they need. Default 20.
    /// </summary>
    [Range(1, 200)]
    public int MaxCandidates { get; init; } = 20;
}
