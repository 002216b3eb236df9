using ArtMqtt.Contracts.Fleet;

namespace ArtMqtt.Broker.Auth;

/// <summary>Whether a client's credentials are right.</summary>
/// <param name="Identity">Who it is; null when it was not accepted.</param>
/// <param name="IsUnavailable">We cannot know at this moment; it may try again later.</param>
internal readonly record struct AuthenticationResult(ClientIdentity? Identity, bool IsUnavailable)
{
    /// <summary>Unknown, wrong or disabled: the client is not told which.</summary>
    public static AuthenticationResult Refused => default;

    /// <summary>The devices and requests are not loaded yet, or perhaps not all of them; or no key for its token.</summary>
    public static AuthenticationResult Unavailable => new(null, true);

    /// <summary>The credentials are right.</summary>
    public static AuthenticationResult Accept(ClientIdentity identity) => new(identity, false);

    /// <summary>
    /// Refused, unless it is unknown while the database is away: a device made a moment before may be missing in what
    /// was kept, and must not give up its secret.
    /// </summary>
    public static AuthenticationResult NotFoundOrWrong(IFleetDirectory directory, bool isKnown) =>
        isKnown || directory.IsCurrent ? Refused : Unavailable;
}
