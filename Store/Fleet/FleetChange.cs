using System.Globalization;
using ArtMqtt.Contracts.Security;

namespace ArtMqtt.Store.Fleet;

/// <summary>
/// What is told on <see cref="Channel"/>: <c>d:{deviceId}</c>, <c>r:{requestId}</c>, <c>s:{shareId}</c> of a share that was
/// revoked, or <c>t:{expiry, Unix seconds}:{jti}</c> of a token that was.
/// </summary>
/// <param name="DeviceId">The changed device, or null.</param>
/// <param name="RequestId">The changed request, or null.</param>
/// <param name="ShareId">The revoked share, or null.</param>
/// <param name="Token">The revoked token, or null.</param>
internal readonly record struct FleetChange(
    string? DeviceId, Guid? RequestId, uint? ShareId = null, RevokedToken? Token = null)
{
    /// <summary>What a notification of a token begins with.</summary>
    public const string TokenPrefix = "t:";

    /// <summary>What a notification of a share begins with.</summary>
    public const string SharePrefix = "s:";

    /// <summary>The PostgreSQL notification channel between nodes.</summary>
    public const string Channel = "artmqtt_fleet";

    private static readonly long _latest = DateTimeOffset.MaxValue.ToUnixTimeSeconds();

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

        if (payload.StartsWith(TokenPrefix, StringComparison.Ordinal) && payload[2..].Split(':', 2) is [var expiry, { Length: > 0 } tokenId]
            && long.TryParse(expiry, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds <= _latest)
        {
            change = new FleetChange(null, null, null, new RevokedToken(tokenId, DateTimeOffset.FromUnixTimeSeconds(seconds)));
            return true;
        }

        return false;
    }
}
