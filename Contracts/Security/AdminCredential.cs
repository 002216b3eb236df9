namespace ArtMqtt.Contracts.Security;

/// <summary>The keyed hash of the admins' secret.</summary>
/// <param name="Hash">Made by <see cref="CredentialHasher"/>.</param>
public sealed record AdminCredential(ReadOnlyMemory<byte> Hash);
