using System.ComponentModel.DataAnnotations;
using ArtMqtt.Contracts;
using ArtMqtt.Store.LifeCycle;

namespace ArtMqtt.Ingest;

/// <summary>How long what is kept, and how. Whatever has no limit is kept for ever.</summary>
public sealed class RetentionOptions : IValidatableObject
{
    /// <summary>Configuration section.</summary>
    public const string Section = "Ingest:Retention";

    private static readonly TimeSpan _least = TimeSpan.FromDays(1);
    private static readonly TimeSpan _most = TimeSpan.FromDays(36_500);

    /// <summary>How often it is looked for what is too old. Default 1 hour.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "1.00:00:00")]
    public TimeSpan Interval { get; set; } = TimeSpan.FromHours(1);

    /// <summary>Positions of devices, by fix time; up to a chunk longer. Default: for ever.</summary>
    public TimeSpan? Positions { get; set; }

    /// <summary>What was summed up of devices by the hour, up to 30 days longer. Default: for ever.</summary>
    public TimeSpan? Hours { get; set; }

    /// <summary>Devices whose ids begin alike and who have limits of their own, by that beginning. Default: none.</summary>
    public IDictionary<string, FleetRetentionOptions> Fleets { get; } = new Dictionary<string, FleetRetentionOptions>();

    /// <summary>Positions of customers' phones. Default 30 days.</summary>
    public TimeSpan? CustomerPositions { get; set; } = TimeSpan.FromDays(30);

    /// <summary>Positions with an impossible clock, by the time they came. Default: for ever.</summary>
    public TimeSpan? SuspectPositions { get; set; }

    /// <summary>Payloads that could not become a position. Default 30 days.</summary>
    public TimeSpan? DeadLetters { get; set; } = TimeSpan.FromDays(30);

    /// <summary>Connections of devices and refused sign-ins in their names. Default 30 days.</summary>
    public TimeSpan? DeviceEvents { get; set; } = TimeSpan.FromDays(30);

    /// <summary>
    /// How long an erasure is repeated, for what was received before and waits in a spool. Default 7 days.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "100.00:00:00")]
    public TimeSpan ErasuresOpenFor { get; set; } = TimeSpan.FromDays(7);

    /// <summary>
    /// The time that a chunk of positions holds, for chunks made from now on. One that is being written, with its
    /// indexes (about 180 bytes a position), should fit into a quarter of the database's memory. Default 1 day.
    /// </summary>
    [Range(typeof(TimeSpan), "01:00:00", "30.00:00:00")]
    public TimeSpan ChunkInterval { get; set; } = TimeSpan.FromDays(1);

    /// <summary>After what time chunks are compressed, where TimescaleDB can; zero: never. Default 7 days.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "3650.00:00:00")]
    public TimeSpan CompressAfter { get; set; } = TimeSpan.FromDays(7);

    /// <summary>The same for the store.</summary>
    public RetentionPolicy ToPolicy() => new(
        [
            new FleetRetention("", Positions, Hours),
            .. Fleets.Select(fleet => new FleetRetention(fleet.Key, fleet.Value.Positions, fleet.Value.Hours)),
        ],
        CustomerPositions, SuspectPositions, DeadLetters)
    {
        DeviceEvents = DeviceEvents,
    };

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        IEnumerable<(string Key, TimeSpan? Age)> ages =
        [
            (nameof(Positions), Positions), (nameof(Hours), Hours), (nameof(CustomerPositions), CustomerPositions),
            (nameof(SuspectPositions), SuspectPositions), (nameof(DeadLetters), DeadLetters),
            (nameof(DeviceEvents), DeviceEvents),
            .. Fleets.Select(fleet => ($"{nameof(Fleets)}:{fleet.Key}:{nameof(Positions)}", fleet.Value.Positions)),
            .. Fleets.Select(fleet => ($"{nameof(Fleets)}:{fleet.Key}:{nameof(Hours)}", fleet.Value.Hours)),
        ];
        foreach (var (key, age) in ages.Where(entry => entry.Age < _least || entry.Age > _most))
        {
            yield return new ValidationResult(
                $"{Section}:{key} is '{age}': must be {_least} to {_most}, or empty for ever.", [key]);
        }

        foreach (var prefix in Fleets.Keys.Where(prefix => !DeviceIds.IsValid(prefix)))
        {
            yield return new ValidationResult(
                $"{Section}:{nameof(Fleets)} has '{prefix}': no device id can begin with that.", [nameof(Fleets)]);
        }
    }
}
