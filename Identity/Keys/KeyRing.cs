using System.Threading.Channels;
using Microsoft.Extensions.Options;

namespace ArtMqtt.Identity.Keys;

/// <summary>
/// The keys that count now, read without I/O. Those of an authority are put in by <see cref="KeyRefresher"/>; when it
/// does not answer, the last ones stay.
/// </summary>
internal sealed class KeyRing
{
    private readonly TokenKeySet _fixed;
    private readonly TokenOptions _options;
    private readonly TimeProvider _time;
    private readonly Channel<bool> _wanted = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    private volatile TokenKeySet _keys;
    private volatile string? _issuer;
    private volatile bool _isAuthorityAway;
    private long _readAt;
    private long _version;

    public KeyRing(IOptions<TokenOptions> options, TimeProvider time)
    {
        (_options, _time) = (options.Value, time);
        _keys = _fixed = _options.HasKeys ? SettingsKeys.Read(_options) : TokenKeySet.Empty;
        Local = LocalKey.Read(_options);
        _issuer = string.IsNullOrEmpty(_options.Issuer) ? null : _options.Issuer;
        _isAuthorityAway = _options.HasAuthority;
    }

    /// <summary>The key of our own tokens; null when there is none. It counts for no others.</summary>
    public LocalKey? Local { get; }

    /// <summary>All keys of others.</summary>
    public TokenKeySet Keys => _keys;

    /// <summary>Who must have issued a token; null when only the authority can tell, and did not yet.</summary>
    public string? Issuer => _issuer;

    /// <summary>Whether a key still counts.</summary>
    public bool Knows(ReadOnlySpan<byte> thumbprint) =>
        Keys.Contains(thumbprint) || (Local is { } local && thumbprint.SequenceEqual(local.Public.Thumbprint));

    /// <summary>Another number after every change of the keys.</summary>
    public long Version => Interlocked.Read(ref _version);

    /// <summary>Whether somebody asked for a reading since the last one.</summary>
    public ChannelReader<bool> Wanted => _wanted.Reader;

    /// <summary>
    /// A token has a key that is not known: asks for a reading. Says whether that may bring the key, so that the token
    /// cannot be refused yet: when the authority was away at the last try, or not asked for a while.
    /// </summary>
    public bool MayComeLater()
    {
        if (!_options.HasAuthority)
        {
            return false;
        }

        _wanted.Writer.TryWrite(true);
        return _isAuthorityAway
            || _time.GetElapsedTime(Interlocked.Read(ref _readAt)) >= _options.MinRefreshInterval;
    }

    /// <summary>The authority answered.</summary>
    public void Replace(string? issuer, IReadOnlyList<TokenKey> keys)
    {
        var isSame = keys.Count == _keys.All.Count - _fixed.All.Count && keys.All(key => _keys.Contains(key.Thumbprint));
        _issuer = string.IsNullOrEmpty(_options.Issuer) ? issuer : _options.Issuer;
        _keys = new TokenKeySet([.. _fixed.All, .. keys]);
        _isAuthorityAway = false;
        Interlocked.Exchange(ref _readAt, _time.GetTimestamp());
        if (!isSame)
        {
            Interlocked.Increment(ref _version);
        }
    }

    /// <summary>The authority did not answer: what is known stays.</summary>
    public void Keep() => _isAuthorityAway = true;
}
