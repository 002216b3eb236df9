using System.Diagnostics.CodeAnalysis;
using ArtMqtt.Contracts.Positions;

namespace ArtMqtt.Store.Routes;

/// <summary>Cuts a route, told position by position and oldest first, into trips and stops.</summary>
/// <remarks>
/// <para>A stop begins where all positions of the least duration lie within the radius of the first of them, and it is over
/// when positions stay outside. Its ends are the first and the last position within a quarter of the radius, so that a trip
/// lacks no more than that at either end. A vehicle whose receiver slept and woke at the same place has stood there.</para>
/// <para>What lies between two stops is a trip when it is long enough in metres or in time; when it comes back to
/// the same stop it must be both, otherwise the stop goes on: that is a receiver that erred. A lone spike is left out.</para>
/// <para>Memory is bounded: at most 257 positions, however long the route is. Positions not later than the one before
/// are left out.</para>
/// <para>What <see cref="Save"/> writes is stored in databases: a change of it, or of what is found, needs a schema step
/// that empties <c>device_trip_states</c> and makes all trips due.</para>
/// </remarks>
public sealed class TripDetector
{
    private readonly TripOptions _options;
    private readonly SpikeFilter _spikes;
    private readonly StopCandidates _candidates;
    private readonly Queue<RoutePart> _found = [];
    private DateTimeOffset _newest = DateTimeOffset.MinValue;
    private Waypoint? _last;
    private Waypoint _start;
    private DateTimeOffset? _outsideSince;
    private Standing? _standing;
    private Standing? _left;

    /// <summary>A detector for one route; null takes the defaults.</summary>
    public TripDetector(TripOptions? options = null)
    {
        _options = options ?? new TripOptions();
        _spikes = new SpikeFilter(_options.StopRadius, _options.MaxGap);
        _candidates = new StopCandidates(_options.StopRadius, _options.MinStopDuration);
    }

    /// <summary>Adds the next position.</summary>
    public void Add(in Position position)
    {
        if (position.FixTime <= _newest)
        {
            return;
        }

        _newest = position.FixTime;
        if (_spikes.Next(Waypoint.Of(position)) is { } waypoint)
        {
            Process(waypoint);
        }
    }

    /// <summary>Says that there are no more positions.</summary>
    public void Finish()
    {
        if (_spikes.Flush() is { } waypoint)
        {
            Process(waypoint);
        }

        EndHere();
        _last = null;
    }

    /// <summary>Takes the next part that is known, oldest first.</summary>
    public bool TryRead([NotNullWhen(true)] out RoutePart? part) => _found.TryDequeue(out part);

    /// <summary>What it knows, to go on later as if nothing had been between; parts that were found are not in it.</summary>
    public byte[] Save()
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        writer.WriteTime(_newest);
        _spikes.Save(writer);
        _candidates.Save(writer);
        writer.WriteWaypoint(_last);
        writer.WriteWaypoint(_start);
        writer.WriteTime(_outsideSince);
        Standing.Save(_standing, writer);
        Standing.Save(_left, writer);
        writer.Flush();
        return stream.ToArray();
    }

    /// <summary>A detector that goes on where one with the same options was saved.</summary>
    public static TripDetector Load(byte[] state, TripOptions? options = null)
    {
        using var stream = new MemoryStream(state);
        using var reader = new BinaryReader(stream);
        var detector = new TripDetector(options) { _newest = reader.ReadTime()!.Value };
        detector._spikes.Load(reader);
        detector._candidates.Load(reader);
        detector._last = reader.ReadWaypoint();
        detector._start = reader.ReadWaypoint()!.Value;
        detector._outsideSince = reader.ReadTime();
        detector._standing = Standing.Load(reader, detector._options);
        detector._left = Standing.Load(reader, detector._options);
        return detector;
    }

    private void Process(Waypoint waypoint)
    {
        if (_last is { } last && waypoint.Time - last.Time > _options.MaxGap && IsElsewhere(waypoint, last))
        {
            EndHere();
            _last = null;
        }

        if (_last is not { } before)
        {
            _start = waypoint;
        }
        else
        {
            waypoint = waypoint.After(before);
        }

        _last = waypoint;
        if (_standing is not null)
        {
            Stand(_standing, waypoint);
        }
        else if (_candidates.Add(waypoint))
        {
            Arrive();
        }
    }

    private bool IsElsewhere(in Waypoint waypoint, in Waypoint last) =>
        _standing is not null ? !_standing.Contains(waypoint) : !waypoint.IsWithin(_options.StopRadius, last.Place);

    private void Stand(Standing standing, Waypoint waypoint)
    {
        if (standing.Contains(waypoint))
        {
            _outsideSince = null;
            _candidates.Clear();
            if (standing.Add(waypoint))
            {
                _last = waypoint with { Distance = 0, Moving = TimeSpan.Zero, MaxSpeed = null };
            }

            return;
        }

        _outsideSince ??= waypoint.Time;
        var hasStopped = _candidates.Add(waypoint);
        if (waypoint.Time - _outsideSince >= _options.ExitConfirmation)
        {
            (_start, _left, _standing, _outsideSince) = (standing.Departure, standing, null, null);
            if (hasStopped)
            {
                Arrive();
            }
        }
    }

    private void Arrive()
    {
        var waypoints = _candidates.Waypoints;
        var median = _candidates.Median();
        var first = 0;
        while (first < waypoints.Count - 1 && !Standing.IsNear(waypoints[first], median, _options))
        {
            first++;
        }

        var arrival = waypoints[first];
        var standing = new Standing(arrival, median, _options);
        for (var i = first; i < waypoints.Count; i++)
        {
            standing.Add(waypoints[i]);
        }

        if (_left is { } left && arrival.IsWithin(_options.StopRadius, left.Middle) && !IsRoundTrip(arrival))
        {
            left.Add(standing);
            standing = left;
        }
        else
        {
            EndMovement(arrival);
        }

        (_standing, _left) = (standing, null);
        _candidates.Clear();
        var last = _last!.Value;
        _last = last with
        {
            Distance = last.Distance - standing.Departure.Distance,
            Moving = last.Moving - standing.Departure.Moving,
            MaxSpeed = null,
        };
    }

    // Nothing joins what came so far with what comes next.
    private void EndHere()
    {
        if (_standing is not null)
        {
            _found.Enqueue(_standing.Close(isLeft: false));
        }
        else if (_last is { } last)
        {
            EndMovement(last);
        }

        (_standing, _left, _outsideSince) = (null, null, null);
        _candidates.Clear();
    }

    private void EndMovement(in Waypoint end)
    {
        if (_left is not null)
        {
            _found.Enqueue(_left.Close(isLeft: true));
        }

        if (end.Distance >= _options.MinTripDistance || end.Time - _start.Time >= _options.MinTripDuration)
        {
            _found.Enqueue(new RouteTrip(_start.Position, end.Position, end.Distance, end.MaxSpeed)
            {
                Moving = end.Moving,
            });
        }
    }

    private bool IsRoundTrip(in Waypoint end) =>
        end.Distance >= _options.MinTripDistance && end.Time - _start.Time >= _options.MinTripDuration;
}
