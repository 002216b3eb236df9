using System.Diagnostics.CodeAnalysis;
using ArtMqtt.Contracts.Fleet;
using ArtMqtt.Store;
using ArtMqtt.WebGateway.Security;
using ArtMqtt.WebGateway.Tokens;
using Microsoft.AspNetCore.Authentication;

namespace ArtMqtt.WebGateway.Changes;

/// <summary>Decides who may join a channel, and stay in it with a new token.</summary>
internal sealed class ChannelDoor(TokenSignIn signIn, TokenHolders holders, IFleetDirectory fleet)
{
    /// <summary>Who comes with a token; who came with the connection when there is none, or a text that is no token of ours.</summary>
    public async Task<SignInResult> FindCallerAsync(string? token, AuthenticationTicket? connected, HttpContext context)
    {
        if (token is null || !signIn.Takes(token))
        {
            return new SignInResult(connected, connected is null ? SignInFailure.Invalid : SignInFailure.None);
        }

        try
        {
            return await signIn.SignInAsync(token, context);
        }
        catch (Exception e) when (StoreErrors.IsOutage(e))
        {
            return new SignInResult(null, SignInFailure.Unavailable);
        }
    }

    /// <summary>Whether a text is a token of ours at all.</summary>
    public bool Takes([NotNullWhen(true)] string? token) => token is not null && signIn.Takes(token);

    /// <summary>Lets a caller in, or in again.</summary>
    /// <param name="channel">The channel; takes the caller's rights when it is let in.</param>
    /// <param name="ticket">The caller.</param>
    /// <param name="subscriptions">What it wants and may know.</param>
    /// <returns>Why not; null when it is let in.</returns>
    public string? Admit(RealtimeChannel channel, AuthenticationTicket ticket, out IReadOnlyList<Subscription> subscriptions)
    {
        var rights = new ChangeRights(ticket.Principal, fleet);
        var allowed = new List<Subscription>();
        subscriptions = allowed;
        foreach (var wish in channel.Config.Wishes)
        {
            if (wish.For(channel, rights) is not { } found)
            {
                return $"Unauthorized: you may not read changes of {wish}";
            }

            allowed.AddRange(found);
        }

        if (channel.Config.HasPresence && !rights.MayTalk(channel.Topic))
        {
            return $"Unauthorized: you may not see who is on {channel.Topic}";
        }

        channel.Rights = rights;
        return null;
    }

    /// <summary>Calls back when the token of a caller is revoked, until the result is disposed.</summary>
    public IDisposable? WhenRevoked(AuthenticationTicket ticket, Action end) => holders.Enter(ticket.Principal.TokenId(), end);

    /// <summary>Why a token was not taken, for the client.</summary>
    public static string Explain(SignInFailure failure) => failure switch
    {
        SignInFailure.Unavailable => "TokenUnverifiable: the token cannot be checked now; try again",
        SignInFailure.TokenRevoked => "TokenRevoked: the access token was revoked",
        SignInFailure.Exhausted => "TooManyAttempts: too many wrong tokens from this address; try again in a minute",
        _ => "Unauthorized: a valid access token is needed",
    };
}
