namespace ArtMqtt.Store.Sharing;

/// <summary>A share to create.</summary>
/// <param name="RequestId">The request it opens.</param>
/// <param name="Tenant">The firm the request belongs to; empty when there are none.</param>
/// <param name="Role">What its holder will be.</param>
/// <param name="Phase">When it shows more than the status.</param>
/// <param name="Label">For whom it is, or null.</param>
/// <param name="By">Who creates it.</param>
/// <param name="ExpiresAt">When it ends at the latest, UTC.</param>
/// <param name="CreationKey">32 bytes that name the call, when it may be sent twice; else null.</param>
/// <param name="CreationHash">SHA-256 of what it is created from, with <paramref name="CreationKey"/>.</param>
public sealed record NewShare(
    Guid RequestId, string Tenant, ShareRole Role, SharePhase Phase, string? Label, string By, DateTimeOffset ExpiresAt,
    byte[]? CreationKey = null, byte[]? CreationHash = null);

/// <summary>What became of it.</summary>
/// <param name="Share">The share; null with an error.</param>
/// <param name="Error">Why there is none.</param>
/// <param name="IsReplayed">The same call had made it before.</param>
public sealed record ShareCreated(ShareRecord? Share, ShareError? Error = null, bool IsReplayed = false);

/// <summary>Why a share was not made.</summary>
public enum ShareError
{
    /// <summary>There is no such request.</summary>
    RequestNotFound,

    /// <summary>The request is over.</summary>
    RequestOver,

    /// <summary>The request has as many shares as it may have.</summary>
    TooMany,

    /// <summary>The key named another call.</summary>
    KeyReused,
}
