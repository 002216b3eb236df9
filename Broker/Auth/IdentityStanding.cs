namespace ArtMqtt.Broker.Auth;

/// <summary>Whether who signed in may stay.</summary>
internal enum IdentityStanding
{
    /// <summary>Yes.</summary>
    Valid,

    /// <summary>The time of its token, certificate or replaced secret is over (0x87).</summary>
    Expired,

    /// <summary>It was taken back: device disabled or removed, credential replaced, token revoked, request over (0x98).</summary>
    Revoked,
}
