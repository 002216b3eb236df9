using System.Security.Claims;
using ArtMqtt.Contracts;
using ArtMqtt.Store.Devices;
using ArtMqtt.WebGateway.Errors;
using ArtMqtt.WebGateway.Explorer;
using ArtMqtt.WebGateway.Security;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ArtMqtt.WebGateway.Devices;

/// <summary>How devices are doing, for those who look after them.</summary>
internal static class DeviceHealthEndpoints
{
    private const int MaxPageSize = 500;
    private const int MaxSearchLength = 64;
    private const int MaxEntries = 500;
    private static readonly TimeSpan _longest = TimeSpan.FromDays(31);

    private static readonly Dictionary<string, DeviceCondition> _conditions = new(StringComparer.Ordinal)
    {
        ["online"] = DeviceCondition.Online,
        ["silent"] = DeviceCondition.Silent,
        ["disabled"] = DeviceCondition.Disabled,
        ["low_battery"] = DeviceCondition.LowBattery,
    };

    public static void MapDeviceHealth(this IEndpointRouteBuilder app)
    {
        var group = app.MapGroup("/api/device-health").WithTags("Devices").RequireAuthorization(Policies.Reader);
        group.MapGet("/", List)
            .WithSummary("How devices are doing, by id")
            .WithDescription(
                "Presence, last position, lag, battery and rate. 'state' keeps those that are online, silent (enabled, and "
                + "nothing for 15 minutes), disabled or low_battery (below 20 %); 'search' those with it in id or name. Analysts get "
                + "no addresses.")
            .ProducesErrors(400, 401, 403);
        group.MapGet("/{deviceId}", Get)
            .WithSummary("What happened to a device in a period")
            .WithDescription("Connections, refused sign-ins, dead letters, and how it reported. At most 31 days.")
            .ProducesErrors(400, 401, 403, 404);
    }

    private static async Task<Results<Ok<DeviceHealthPage>, ProblemHttpResult>> List(
        ClaimsPrincipal user, DeviceHealthReader devices, CancellationToken cancellationToken,
        string? state = null, string? search = null, string? after = null, int limit = 100)
    {
        var errors = new FieldErrors()
            .Require(
                state is null || _conditions.ContainsKey(state), "state",
                "'state' must be online, silent, disabled or low_battery.")
            .Require(
                search is null || search.Length is >= 1 and <= MaxSearchLength, "search",
                $"'search' must be 1 to {MaxSearchLength} characters.")
            .Require(limit is >= 1 and <= MaxPageSize, "limit", $"'limit' must be 1 to {MaxPageSize}.")
            .Require(after is null || DeviceIds.IsValid(after), "after", "'after' must be a page's 'next'.");
        if (errors.Any)
        {
            return Problems.Invalid(errors.ByField);
        }

        var condition = state is null ? DeviceCondition.Any : _conditions[state];
        var page = await devices.ListAsync(user.Scope(), condition, search, after ?? "", limit, cancellationToken);
        return TypedResults.Ok(new DeviceHealthPage(
            [.. page.Select(health => DeviceHealthView.Of(health, NeedsAddresses(user)))], page.Count == limit ? page[^1].Device.DeviceId : null,
            after is null ? await devices.CountAsync(user.Scope(), cancellationToken) : null));
    }

    private static async Task<Results<Ok<DeviceTimelineView>, ProblemHttpResult>> Get(
        string deviceId, ClaimsPrincipal user, DeviceHealthReader devices, DeviceTimelineReader timeline, TimeProvider time,
        CancellationToken cancellationToken, DateTimeOffset? from = null, DateTimeOffset? to = null)
    {
        var until = to ?? time.GetUtcNow();
        var since = from ?? until - TimeSpan.FromDays(1);
        if (until <= since || until - since > _longest)
        {
            return Problems.Invalid(new FieldErrors().Require(
                false, "to", $"'to' must be after 'from', at most {_longest.Days} days later.").ByField);
        }

        if (!DeviceIds.IsValid(deviceId)
            || await devices.FindAsync(user.Scope(), deviceId, cancellationToken) is not { } device)
        {
            return Problems.DeviceNotFound(deviceId);
        }

        return TypedResults.Ok(new DeviceTimelineView(
            DeviceHealthView.Of(device, NeedsAddresses(user)),
            await timeline.ReadEntriesAsync(
                user.Scope(), deviceId, since, until, MaxEntries, NeedsAddresses(user), cancellationToken),
            await timeline.ReadPartsAsync(user.Scope(), deviceId, since, until, cancellationToken)));
    }

    // Who looks after devices does; who asks where they have been does not.
    private static bool NeedsAddresses(ClaimsPrincipal user) => !user.IsInRole(Caller.Analyst);
}
