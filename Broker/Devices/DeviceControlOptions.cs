using System.ComponentModel.DataAnnotations;

namespace ArtMqtt.Broker.Devices;

/// <summary>How often devices are asked to send, and how long they may be gone after a restart.</summary>
public sealed class DeviceControlOptions
{
    /// <summary>Configuration section.</summary>
    public const string Section = "Broker:Devices";

    /// <summary>Time between positions of a device with a running request. Default 2 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.500", "01:00:00")]
    public TimeSpan ActiveInterval { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>Way, in metres, below which a device with a running request need not send. Default 5.</summary>
    [Range(0, 10_000)]
    public int ActiveDisplacement { get; set; } = 5;

    /// <summary>Time between positions of a device without a request. Default 30 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.500", "1.00:00:00")]
    public TimeSpan IdleInterval { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Way, in metres, below which a device without a request need not send. Default 50.</summary>
    [Range(0, 10_000)]
    public int IdleDisplacement { get; set; } = 50;

    /// <summary>How long after a start devices that were online count as online still. Default 1 min.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan ReturnTime { get; set; } = TimeSpan.FromMinutes(1);
}
