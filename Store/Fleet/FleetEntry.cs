using ArtMqtt.Contracts.Fleet;
using ArtMqtt.Contracts.Requests;

namespace ArtMqtt.Store.Fleet;

/// <summary>A request in the directory, with what decides which of two is newer.</summary>
/// <param name="Request">As the broker sees it; final ones are only told to be forgotten.</param>
/// <param name="Version">Of the row: an older one never replaces a newer one.</param>
/// <param name="CreatedAt">Of several requests of one device the newest counts.</param>
internal sealed record FleetEntry(FleetRequest Request, int Version, DateTimeOffset CreatedAt)
{
    /// <summary>Whether the request is still running.</summary>
    public bool IsRunning => !Request.Status.IsFinal();
}
