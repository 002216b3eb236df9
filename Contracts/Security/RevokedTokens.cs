using System.Collections.Concurrent;

namespace ArtMqtt.Contracts.Security;

/// <summary>
/// The JSON Web Tokens that were taken back and have not expired: asked for each token without I/O, kept up to date by the
/// store, still there when the database is not.
/// </summary>
/// <param name="isKnown">Whether nothing has to be read first: for hosts without a store.</param>
public sealed class RevokedTokens(bool isKnown)
{
    // Clocks may differ by the largest Tokens:ClockSkew.
    private static readonly TimeSpan _slack = TimeSpan.FromMinutes(10);

    private readonly ConcurrentDictionary<string, DateTimeOffset> _tokens = new(StringComparer.Ordinal);
    private volatile bool _isKnown = isKnown;
    private long _version;

    /// <summary>Whether they were read, from the database or from what was last kept on disk.</summary>
    public bool IsKnown => _isKnown;

    /// <summary>Another number after every token that was added.</summary>
    public long Version => Interlocked.Read(ref _version);

    /// <summary>All of them.</summary>
    public IEnumerable<RevokedToken> All => _tokens.Select(token => new RevokedToken(token.Key, token.Value));

    /// <summary>Some were added. Must return at once.</summary>
    public event Action? Added;

    /// <summary>Whether a token was taken back; one without an id cannot be.</summary>
    public bool Contains(string? tokenId) => tokenId is not null && _tokens.ContainsKey(tokenId);

    /// <summary>One was taken back.</summary>
    public void Add(RevokedToken token) => Add([token]);

    /// <summary>All that the store knows of; what has expired is forgotten.</summary>
    public void Know(IEnumerable<RevokedToken> tokens, DateTimeOffset now)
    {
        Add(tokens);
        _isKnown = true;
        foreach (var token in All.Where(token => token.ExpiresAt + _slack < now))
        {
            _tokens.TryRemove(token.TokenId, out _);
        }
    }

    // A token is never given back, so there is nothing to compare but whether it is new.
    private void Add(IEnumerable<RevokedToken> tokens)
    {
        var isAny = false;
        foreach (var token in tokens)
        {
            isAny |= _tokens.TryAdd(token.TokenId, token.ExpiresAt);
        }

        if (isAny)
        {
            Interlocked.Increment(ref _version);
            Added?.Invoke();
        }
    }
}
