using System.Text.Json;

namespace ArtMqtt.DeviceAgent.Filtering;

/// <summary>How often it is worth sending, as the server says on <c>art/devices/{id}/control</c> (docs/wire-format.md).</summary>
/// <param name="RequestId">The request the device drives for, or null: nobody watches.</param>
/// <param name="IntervalMs">Milliseconds between two positions.</param>
/// <param name="MinDisplacementM">Metres between two positions.</param>
internal sealed record DeviceControl(Guid? RequestId, long IntervalMs, int MinDisplacementM)
{
    private static readonly TimeSpan _longest = TimeSpan.FromHours(1);

    /// <summary>Time between two positions.</summary>
    public TimeSpan Interval => TimeSpan.FromMilliseconds(Math.Min(IntervalMs, _longest.TotalMilliseconds));

    /// <summary>Reads the payload; null when it is empty or none.</summary>
    public static DeviceControl? Parse(ReadOnlySpan<byte> payload)
    {
        try
        {
            var control = payload.IsEmpty
                ? null
                : JsonSerializer.Deserialize(payload, AgentJson.Default.DeviceControl);
            return control is { IntervalMs: > 0, MinDisplacementM: >= 0 } ? control : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>
    /// The filter under this wish: never two within the interval, turns and changes of speed as set up, standing devices
    /// as before.
    /// </summary>
    public FilterOptions Apply(FilterOptions own) => own with
    {
        MinInterval = Interval,
        MinDistance = MinDisplacementM,
        MaxInterval = Interval > own.MaxInterval ? Interval : own.MaxInterval,
    };
}
