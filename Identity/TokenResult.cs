namespace ArtMqtt.Identity;

/// <summary>What came of looking at a token.</summary>
/// <param name="Caller">Who it is; null when it was not accepted.</param>
/// <param name="IsUnavailable">It may be right, but its key is not known at this moment; it may be tried again.</param>
/// <param name="Reason">Why it was not accepted, for logs and metrics: one of a few words, never from the token.</param>
public readonly record struct TokenResult(TokenCaller? Caller, bool IsUnavailable, string Reason)
{
    /// <summary>It was right until it was taken back.</summary>
    public bool IsRevoked { get; init; }

    /// <summary>The token is right.</summary>
    public static TokenResult Accept(TokenCaller caller) => new(caller, false, "");

    /// <summary>The token is wrong.</summary>
    public static TokenResult Refuse(string reason) => new(null, false, reason);

    /// <summary>The token was taken back.</summary>
    public static TokenResult Revoked { get; } = new(null, false, "revoked") { IsRevoked = true };

    /// <summary>Nobody can tell now.</summary>
    public static TokenResult Unavailable { get; } = new(null, true, "key_unavailable");

    /// <summary>Which tokens were taken back is not known yet.</summary>
    public static TokenResult RevocationsUnknown { get; } = new(null, true, "revocations_unknown");
}
