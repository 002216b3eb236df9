using ArtMqtt.Contracts.Positions;
using ArtMqtt.Store.Speeds;

namespace ArtMqtt.WebGateway.Eta;

/// <summary>Follows one drive, and keeps its last part, cell by cell. Not thread-safe.</summary>
internal sealed class DriveSoFar
{
    /// <summary>Most parts that are kept, one for each cell that was passed: at least 20 km of a way straight ahead.</summary>
    public const int MaxParts = 48;

    private readonly LegBuilder _builder = new();
    private readonly Queue<Leg> _parts = new();
    private Leg _part;
    private DateTimeOffset? _lastLegEnd;

    /// <summary>Adds the next position.</summary>
    public void Add(in Position position)
    {
        _lastLegEnd ??= position.FixTime;
        if (!_builder.TryAdd(position, out var leg))
        {
            return;
        }

        _lastLegEnd = position.FixTime;
        if (leg.Cell == _part.Cell)
        {
            _part = leg with { Distance = _part.Distance + leg.Distance, Seconds = _part.Seconds + leg.Seconds };
            return;
        }

        _parts.Enqueue(_part);
        _part = leg;
        if (_parts.Count >= MaxParts)
        {
            _parts.Dequeue();
        }
    }

    /// <summary>The last part of it.</summary>
    /// <param name="fixTime">Of the newest position.</param>
    public DrivenPart Snapshot(DateTimeOffset fixTime) => new(
        [.. _parts.Append(_part).Where(part => part.Distance > 0)],
        _lastLegEnd is { } end ? Math.Clamp((fixTime - end).TotalSeconds, 0, LegBuilder.MaxSeconds) : 0);
}
