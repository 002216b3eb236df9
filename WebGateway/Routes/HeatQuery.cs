using ArtMqtt.Store.Routes;
using ArtMqtt.WebGateway.Errors;
using Microsoft.AspNetCore.Mvc;

namespace ArtMqtt.WebGateway.Routes;

/// <summary>Which cells are wanted, as query parameters.</summary>
internal sealed class HeatQuery
{
    private const int MaxLimit = 50_000;
    private const int MaxDevices = 100;

    /// <summary>
    /// Cells are the tiles of the web map at this zoom: 0 to 22, default 16 (611 m at the equator); each step halves them.
    /// </summary>
    [FromQuery(Name = "zoom")]
    public int? ZoomOrNull { get; init; }

    /// <summary>Most cells, those with most positions first: 1 to 50,000, default 10,000.</summary>
    [FromQuery(Name = "limit")]
    public int? LimitOrNull { get; init; }

    /// <summary>Only positions of this device; may be given 100 times.</summary>
    [FromQuery(Name = "device")]
    public string[]? Devices { get; init; }

    public int Zoom => ZoomOrNull ?? 16;

    public int Limit => LimitOrNull ?? 10_000;

    public string[]? DeviceIds => Devices is { Length: > 0 } ? Devices : null;

    public FieldErrors AddTo(FieldErrors errors) => errors
        .Require(Zoom is >= 0 and <= HeatReader.MaxZoom, "zoom", $"'zoom' must be 0 to {HeatReader.MaxZoom}.")
        .Require(Limit is >= 1 and <= MaxLimit, "limit", $"'limit' must be 1 to {MaxLimit}.")
        .Require(Devices is null || Devices.Length <= MaxDevices, "device", $"'device' must be at most {MaxDevices}.");
}
