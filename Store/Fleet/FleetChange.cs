using System.Globalization;

namespace ArtMqtt.Store.Fleet;

/// <summary>
/// What is told on <see cref="Channel"/>: <c>d:{deviceId}</c>, <c>r:{requestId}</c>, or <c>s:{shareId}</c> of a share that was
/// revoked.
/// </summary>
/// <param name="DeviceId">The changed device, or null.</param>
/// <param name="RequestId">The changed request, or null.</param>
/// <param name="ShareId">The revoked share, or null.</param>
internal readonly record struct FleetChange(string? DeviceId, Guid? RequestId, uint? ShareId = null)
{
    /// <summary>What a notification of a share begins with.</summary>
    public const string SharePrefix = "s:";

    /// <summary>The PostgreSQL notification channel between nodes.</summary>
    public const string Channel = "artmqtt_fleet";

    /// <summary>Reads a notification; false for what this version does not know.</summary>
    public static bool TryParse(string payload, out FleetChange change)
    {
        change = default;
        if (payload.StartsWith("d:", StringComparison.Ordinal) && payload.Length > 2)
        {
            change = new FleetChange(payload[2..], null);
            return true;
        }

        if (payload.StartsWith("r:", StringComparison.Ordinal) && Guid.TryParse(payload.AsSpan(2), out var requestId))
        {
            change = new FleetChange(null, requestId);
            return true;
        }

        if (payload.StartsWith(SharePrefix, StringComparison.Ordinal)
            && uint.TryParse(payload.AsSpan(2), NumberStyles.None, CultureInfo.InvariantCulture, out var shareId))
        {
            change = new FleetChange(null, null, shareId);
            return true;
        }

        return false;
    }
}
