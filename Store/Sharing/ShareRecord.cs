namespace ArtMqtt.Store.Sharing;

/// <summary>A share as stored.</summary>
/// <param name="ShareId">Its number.</param>
/// <param name="RequestId">The request it opens.</param>
/// <param name="Role">What its holder is.</param>
/// <param name="Phase">When it shows more than the status.</param>
/// <param name="Label">For whom it is, or null.</param>
/// <param name="CreatedAt">UTC, the database's clock.</param>
/// <param name="CreatedBy">For example <c>dispatcher</c>.</param>
/// <param name="ExpiresAt">When it ends at the latest, UTC.</param>
/// <param name="RevokedAt">Since when it is revoked, UTC; null when it is not.</param>
/// <param name="Opens">How often it was opened.</param>
/// <param name="LastOpenedAt">UTC; null when it never was.</param>
public sealed record ShareRecord(
    uint ShareId, Guid RequestId, ShareRole Role, SharePhase Phase, string? Label, DateTimeOffset CreatedAt,
    string CreatedBy, DateTimeOffset ExpiresAt, DateTimeOffset? RevokedAt, long Opens, DateTimeOffset? LastOpenedAt);
