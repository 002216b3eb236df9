using ArtMqtt.Contracts.Security;
using ArtMqtt.Live.Fleet;
using ArtMqtt.Store.Routes;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Protocol;

namespace ArtMqtt.WebGateway.Live.Fleet;

/// <summary>
/// One connection that looks at the fleet. Nothing waits for it: it remembers up to which version it was told, and a
/// frame holds all that changed since. Who reads slowly gets fewer frames, each with the newest places.
/// </summary>
internal sealed class FleetViewer(HubConnectionContext client, TenantScope scope, FleetViewOptions options)
{
    /// <summary>Name of the message on the hub; its only argument is a frame.</summary>
    public const string MessageName = "fleet:moved";

    private readonly Lock _gate = new();
    private BoundingBox _view;
    private long _told;
    private bool _isWhole;
    private bool _isSending;

    /// <summary>Looks somewhere else: the next frame holds everything there.</summary>
    public void Look(BoundingBox view)
    {
        lock (_gate)
        {
            (_view, _told, _isWhole) = (view, 0, true);
        }
    }

    /// <summary>Sends what has changed in view; returns at once, and does nothing while the frame before is on its way.</summary>
    public async Task SendAsync(FleetPlaces places, VehicleDirectory directory, TimeProvider time, CancellationToken cancellationToken)
    {
        FleetFrame frame;
        lock (_gate)
        {
            if (_isSending || Next(places, directory, time.GetUtcNow()) is not { } next)
            {
                return;
            }

            (frame, _isSending) = (next, true);
        }

        try
        {
            await client.WriteAsync(new InvocationMessage(MessageName, [frame.ToArray()]), cancellationToken);
        }
        finally
        {
            lock (_gate)
            {
                _isSending = false;
            }
        }
    }

    private FleetFrame? Next(FleetPlaces places, VehicleDirectory directory, DateTimeOffset now)
    {
        var vehicles = directory.Current();
        var version = places.Version;
        if (version == _told && !_isWhole)
        {
            return null;
        }

        var seen = places.Since(_told)
            .Where(place => _view.Contains(place.Position.Latitude, place.Position.Longitude))
            .Select(place => (Place: place, Entry: vehicles.GetValueOrDefault(place.DeviceKey)))
            .Where(v => v.Entry is not null && scope.Covers(v.Entry.Tenant))
            .ToList();
        if (seen.Count > options.MaxVehiclesPerFrame)
        {
            // The oldest changes first: what is left has higher versions, and follows.
            seen.Sort(static (a, b) => a.Place.Version.CompareTo(b.Place.Version));
            seen.RemoveRange(options.MaxVehiclesPerFrame, seen.Count - options.MaxVehiclesPerFrame);
            version = seen[^1].Place.Version;
        }

        var frame = new FleetFrame(seen.Count, _isWhole, now);
        foreach (var (place, entry) in seen)
        {
            frame.Add(place.DeviceKey, place.Position, entry!.Status);
        }

        var isWhole = _isWhole;
        (_told, _isWhole) = (version, false);
        return frame.Count > 0 || isWhole ? frame : null;
    }
}
