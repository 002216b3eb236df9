namespace ArtMqtt.Identity.Keys;

/// <summary>The keys known at one moment.</summary>
/// <param name="keys">All of them, of any algorithm.</param>
internal sealed class TokenKeySet(IReadOnlyList<TokenKey> keys)
{
    /// <summary>No keys.</summary>
    public static TokenKeySet Empty { get; } = new([]);

    /// <summary>All keys.</summary>
    public IReadOnlyList<TokenKey> All => keys;

    /// <summary>
    /// The keys a token may be signed with: those of its algorithm that have its key id, or none of their own. A token
    /// without key id may be signed with any of its algorithm.
    /// </summary>
    public IReadOnlyList<TokenKey> Find(string algorithm, string? keyId) => [.. keys.Where(
        key => key.Algorithm == algorithm && (string.IsNullOrEmpty(keyId) || key.KeyId is null || key.KeyId == keyId))];

    /// <summary>Whether the key is one of these.</summary>
    public bool Contains(ReadOnlySpan<byte> thumbprint)
    {
        foreach (var key in keys)
        {
            if (thumbprint.SequenceEqual(key.Thumbprint))
            {
                return true;
            }
        }

        return false;
    }
}
