using System.Text.Json.Serialization;
using ArtMqtt.Store.Fleet;
using ArtMqtt.WebGateway.Eta;
using ArtMqtt.WebGateway.Requests;

namespace ArtMqtt.WebGateway.Dispatch;

/// <summary>A vehicle that could serve a request.</summary>
/// <param name="DeviceId">Its device.</param>
/// <param name="Name">What people call it.</param>
/// <param name="Place">Where it was last.</param>
/// <param name="FixTime">When it was there.</param>
/// <param name="RequestId">The running request it is assigned to, if any.</param>
/// <param name="EtaSeconds">How long it needs to the pickup point.</param>
/// <param name="Low">One drive in ten is faster.</param>
/// <param name="High">One drive in ten is slower.</param>
/// <param name="DistanceMeters">Metres to drive.</param>
/// <param name="Source">What says so: as in <c>request:eta</c>.</param>
internal sealed record NearestView(
    string DeviceId, string? Name, Place Place, DateTimeOffset FixTime,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] Guid? RequestId,
    int EtaSeconds, int Low, int High, int DistanceMeters, string Source)
{
    public static NearestView Of(NearbyDevice device, EtaEstimate eta) => new(
        device.DeviceId, device.Name, new Place(device.Lat, device.Lng), device.FixTime, device.RequestId,
        (int)Math.Round(eta.Seconds), (int)Math.Round(eta.Low), (int)Math.Round(eta.High), (int)Math.Round(eta.Distance),
        eta.Source);
}

/// <summary>Who could serve a request, the fastest first.</summary>
internal sealed record NearestList(IReadOnlyList<NearestView> Items);
