namespace ArtMqtt.Broker.Auth;

/// <summary>How a client signed in.</summary>
internal enum CredentialKind
{
    /// <summary>It was not by a credential that can be taken back alone.</summary>
    None,

    /// <summary>A device's secret.</summary>
    Secret,

    /// <summary>A certificate.</summary>
    Certificate,

    /// <summary>The token in a customer's link.</summary>
    Link,

    /// <summary>A JSON Web Token.</summary>
    Token,
}

/// <summary>What a client signed in with, to notice later that it counts no more. It proves nothing by itself.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Fingerprint">
/// Keyed hash of the secret or link, SHA-256 of the certificate, or thumbprint of the key the token is signed with.
/// </param>
internal readonly record struct ClientCredential(CredentialKind Kind, ReadOnlyMemory<byte> Fingerprint)
{
    /// <summary>The <c>jti</c> of a token that has one; else null.</summary>
    public string? TokenId { get; init; }

    /// <summary>Whether it is this one.</summary>
    public bool Is(ReadOnlySpan<byte> fingerprint) => Fingerprint.Span.SequenceEqual(fingerprint);
}
