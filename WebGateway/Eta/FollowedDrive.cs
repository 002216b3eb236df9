using ArtMqtt.Contracts.Fleet;
using ArtMqtt.Contracts.Live;
using ArtMqtt.Contracts.Positions;

namespace ArtMqtt.WebGateway.Eta;

/// <summary>One operator on the way to one request.</summary>
internal sealed class FollowedDrive(FleetRequest request, EtaOptions options)
{
    private volatile bool _isBusy;

    /// <summary>How it has gone so far; used by the service's loop only.</summary>
    public DriveSoFar SoFar { get; } = new();

    /// <summary>What is told; used by the one estimate that runs.</summary>
    public EtaTrack Track { get; } = new(options);

    /// <summary>Where the customer waits, degrees north and east; null until it was read.</summary>
    public (double Lat, double Lng)? Pickup { get; set; }

    /// <summary>When the next estimate may be made.</summary>
    public DateTimeOffset NextAt { get; set; }

    /// <summary>Whether an estimate runs.</summary>
    public bool IsBusy
    {
        get => _isBusy;
        set => _isBusy = value;
    }

    /// <summary>Whether it is this drive: another device has another way, and makes another promise.</summary>
    public bool IsOf(FleetRequest now) => now.DeviceId == request.DeviceId && now.AssignedAt == request.AssignedAt;

    /// <summary>Adds a place.</summary>
    public void Add(LocationEvent place) => SoFar.Add(
        new Position(place.Lat, place.Lng, DateTimeOffset.FromUnixTimeMilliseconds(place.Timestamp)));
}
