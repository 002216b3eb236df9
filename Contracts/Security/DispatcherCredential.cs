namespace ArtMqtt.Contracts.Security;

/// <summary>The keyed hash of the dispatchers' secret.</summary>
/// <param name="Hash">Made by <see cref="CredentialHasher"/>.</param>
public sealed record DispatcherCredential(ReadOnlyMemory<byte> Hash);
