using System.Security.Claims;
using System.Text.RegularExpressions;
using ArtMqtt.Contracts.Fleet;
using ArtMqtt.Store.Changes;
using ArtMqtt.WebGateway.Changes.Filters;
using ArtMqtt.WebGateway.Security;

namespace ArtMqtt.WebGateway.Changes;

/// <summary>
/// What a caller may know. Rows: admins, dispatchers and analysts all of their tenant; a customer what concerns the own
/// request; a device what it is assigned to, and itself. Broadcast and presence: admins, dispatchers and analysts on every
/// topic; the others on those that name one request, and it is theirs, so that no two customers meet. The topics of one
/// tenant have nothing to do with those of another.
/// </summary>
internal sealed partial class ChangeRights(ClaimsPrincipal user, IFleetDirectory fleet)
{
    private const string TenantColumn = "tenant";

    /// <summary>The tenant whose topics the caller is on: an admin of all those of nobody.</summary>
    // Whoever has the link of a request that is over is alone with those who have it too: no tenant is called so.
    public string Tenant { get; } = user.MayReadAll() ? user.Tenant() ?? ""
        : user.RequestId() is { } requestId ? fleet.FindTenant(requestId) ?? "?"
        : user.DeviceId() is { } deviceId ? fleet.FindDevice(deviceId)?.Tenant ?? "?"
        : "?";

    /// <summary>Whether the caller's limit leaves more rows than a filter usually does.</summary>
    public bool ReadsAll => user.MayReadAll();

    /// <summary>What rows of a table must fulfil beside the caller's own filter; null when all may be known.</summary>
    /// <returns>False when nothing of the table may be.</returns>
    public bool TryLimit(PublishedTable table, out Filter? limit)
    {
        limit = null;
        if (user.MayReadAll() && user.Scope().Tenant is null)
        {
            return true;
        }

        var (column, value) = user.MayReadAll() ? (TenantColumn, user.Scope().Tenant)
            : user.RequestId() is { } requestId
                ? (table == PublishedTable.Requests ? "id" : "request_id", requestId.ToString("D"))
                : ("device_id", user.DeviceId());
        var index = table.IndexOf(column);
        if (index < 0 || value is null)
        {
            return false;
        }

        limit = new OneOf(index, table.Columns[index].Type, [value]);
        return true;
    }

    /// <summary>Whether the caller may send and hear on a topic, at this moment.</summary>
    public bool MayTalk(string topic) => user.MayReadAll()
        || (RequestIds().Matches(topic) is [var only] && user.MaySee(Guid.Parse(only.ValueSpan), fleet));

    [GeneratedRegex("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", RegexOptions.IgnoreCase)]
    private static partial Regex RequestIds();
}
