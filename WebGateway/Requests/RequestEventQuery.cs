using System.Globalization;
using ArtMqtt.Contracts;
using ArtMqtt.Store.Requests;
using ArtMqtt.WebGateway.Errors;
using ArtMqtt.WebGateway.Paging;
using Microsoft.AspNetCore.Mvc;

namespace ArtMqtt.WebGateway.Requests;

/// <summary>Which changes of requests are wanted, as query parameters.</summary>
internal sealed class RequestEventQuery
{
    private const int MaxPageSize = 1_000;

    /// <summary>The 'next' of the page before.</summary>
    [FromQuery(Name = "after")]
    public string? After { get; init; }

    /// <summary>Most changes on a page: 1 to 1,000. Default 100.</summary>
    [FromQuery(Name = "limit")]
    public int? LimitOrNull { get; init; }

    /// <summary>Only those of this request.</summary>
    [FromQuery(Name = "requestId")]
    public Guid? RequestId { get; init; }

    /// <summary>Only those while this device was assigned.</summary>
    [FromQuery(Name = "deviceId")]
    public string? DeviceId { get; init; }

    /// <summary>Only those at this time or later, ISO 8601 with offset.</summary>
    [FromQuery(Name = "from")]
    public DateTimeOffset? From { get; init; }

    /// <summary>Only those before this time, ISO 8601 with offset.</summary>
    [FromQuery(Name = "to")]
    public DateTimeOffset? To { get; init; }

    public int Limit => LimitOrNull ?? 100;

    public (DateTimeOffset At, Guid RequestId, int Version)? Before => Parse(After);

    public RequestEventFilter Filter => new(RequestId, DeviceId, From, To);

    public static string CursorOf(RequestEventRecord change) => new PageMark(
        change.At, string.Create(CultureInfo.InvariantCulture, $"{change.RequestId:N}_{change.Version}")).ToString();

    public FieldErrors Validate() => new FieldErrors()
        .Require(Limit is >= 1 and <= MaxPageSize, "limit", $"'limit' must be 1 to {MaxPageSize}.")
        .Require(After is null || Before is not null, "after", "'after' must be a page's 'next'.")
        .Require(DeviceId is null || DeviceIds.IsValid(DeviceId), "deviceId", "'deviceId' must be a device id.")
        .Require(From is null || To is null || From < To, "to", "'to' must be after 'from'.");

    private static (DateTimeOffset At, Guid RequestId, int Version)? Parse(string? text) =>
        PageMark.TryParse(text, out var mark) && mark.Name.Split('_') is [var id, var version]
            && Guid.TryParseExact(id, "N", out var requestId)
            && int.TryParse(version, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? (mark.At, requestId, number)
            : null;
}
