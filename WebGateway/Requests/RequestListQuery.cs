using System.Security.Claims;
using ArtMqtt.Contracts;
using ArtMqtt.Contracts.Requests;
using ArtMqtt.Store.Requests;
using ArtMqtt.WebGateway.Errors;
using ArtMqtt.WebGateway.Security;
using Microsoft.AspNetCore.Mvc;

namespace ArtMqtt.WebGateway.Requests;

/// <summary>Which requests are wanted, as query parameters.</summary>
internal sealed class RequestListQuery
{
    private const int MaxPageSize = 1_000;

    /// <summary>The 'next' of the page before.</summary>
    [FromQuery(Name = "after")]
    public string? After { get; init; }

    /// <summary>Most requests on a page: 1 to 1,000. Default 100.</summary>
    [FromQuery(Name = "limit")]
    public int? LimitOrNull { get; init; }

    /// <summary>Only those in this status; may be given several times.</summary>
    [FromQuery(Name = "status")]
    public string[]? StatusNames { get; init; }

    /// <summary>Only those this device is assigned to.</summary>
    [FromQuery(Name = "deviceId")]
    public string? DeviceId { get; init; }

    /// <summary>Only those created at this time or later, ISO 8601 with offset.</summary>
    [FromQuery(Name = "from")]
    public DateTimeOffset? From { get; init; }

    /// <summary>Only those created before this time, ISO 8601 with offset.</summary>
    [FromQuery(Name = "to")]
    public DateTimeOffset? To { get; init; }

    public int Limit => LimitOrNull ?? 100;

    public PageCursor? Cursor => After is not null && PageCursor.TryParse(After, out var cursor) ? cursor : null;

    /// <summary>What the caller gets of it; null: nothing.</summary>
    public RequestFilter? FilterFor(ClaimsPrincipal user)
    {
        RequestStatus[] wanted =
            [.. (StatusNames ?? []).Select(name => RequestTransitions.TryParse(name, out var status) ? status : default)];
        if (user.DeviceId() is not { } own)
        {
            return new RequestFilter(wanted, DeviceId, From, To);
        }

        RequestStatus[] running = [.. Enum.GetValues<RequestStatus>()
            .Where(status => !status.IsFinal() && (wanted.Length == 0 || wanted.Contains(status)))];
        return running.Length == 0 || (DeviceId ?? own) != own ? null : new RequestFilter(running, own, From, To);
    }

    public FieldErrors Validate() => new FieldErrors()
        .Require(Limit is >= 1 and <= MaxPageSize, "limit", $"'limit' must be 1 to {MaxPageSize}.")
        .Require(After is null || Cursor is not null, "after", "'after' must be a page's 'next'.")
        .Require(
            StatusNames is null || Array.TrueForAll(StatusNames, name => RequestTransitions.TryParse(name, out _)),
            "status", "'status' must be pending, assigned, en_route, arrived, in_progress, completed or cancelled.")
        .Require(DeviceId is null || DeviceIds.IsValid(DeviceId), "deviceId", "'deviceId' must be a device id.")
        .Require(From is null || To is null || From < To, "to", "'to' must be after 'from'.");
}
