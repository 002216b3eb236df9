using System.Collections.Concurrent;
using ArtMqtt.Contracts.Security;
using ArtMqtt.WebGateway.Security;

namespace ArtMqtt.WebGateway.Tokens;

/// <summary>What goes on at this node with tokens that can be taken back: calls, streams, hub connections, channels. It ends with them.</summary>
internal sealed class TokenHolders : IDisposable
{
    private readonly ConcurrentDictionary<TokenHolder, bool> _holders = new();
    private readonly RevokedTokens _revoked;

    public TokenHolders(RevokedTokens revoked)
    {
        _revoked = revoked;
        revoked.Added += EndRevoked;
    }

    /// <summary>As middleware, behind the authentication: a call lasts as long as its token, also that of a WebSocket.</summary>
    public async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        using (Enter(context.User.TokenId(), context.Abort))
        {
            await next(context);
        }
    }

    /// <summary>Somebody begins something with a token.</summary>
    /// <param name="tokenId">Its <c>jti</c>; null: nothing can happen to it.</param>
    /// <param name="end">Ends what was begun: once, at once when the token was taken back since the sign-in, and not after the result is disposed.</param>
    public IDisposable? Enter(string? tokenId, Action end)
    {
        if (tokenId is null)
        {
            return null;
        }

        var holder = new TokenHolder(tokenId, end, left => _holders.TryRemove(left, out _));
        _holders[holder] = true;
        if (_revoked.Contains(tokenId))
        {
            holder.End();
        }

        return holder;
    }

    /// <inheritdoc/>
    public void Dispose() => _revoked.Added -= EndRevoked;

    private void EndRevoked()
    {
        foreach (var holder in _holders.Select(pair => pair.Key).Where(holder => _revoked.Contains(holder.TokenId)))
        {
            holder.End();
        }
    }
}
