using System.ComponentModel.DataAnnotations;

namespace ArtMqtt.WebGateway.Devices;

/// <summary>How devices are provisioned.</summary>
internal sealed class DeviceOptions
{
    public const string Section = "Gateway:Devices";

    /// <summary>How long a replaced secret stays valid when the call does not say it. Default 24 h.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "30.00:00:00")]
    public TimeSpan SecretOverlap { get; init; } = TimeSpan.FromHours(24);
}
