using System.Buffers.Text;
using System.Security.Cryptography;
using ArtMqtt.Contracts.Security;
using ArtMqtt.Identity;

namespace ArtMqtt.Node.Secrets;

/// <summary>What an installation keeps to itself, as its files hold it.</summary>
/// <param name="Hasher">Hashes with the key of all stored credentials.</param>
/// <param name="Admin">The admins' token.</param>
/// <param name="Dispatcher">The dispatchers' token.</param>
/// <param name="Operations">The token for metrics and the details of health.</param>
internal sealed record NodeSecrets(CredentialHasher Hasher, AccessToken Admin, AccessToken Dispatcher, string Operations)
{
    /// <summary>File of the key that signs tokens of our own, where no setting says otherwise.</summary>
    public const string TokenKeyName = "token-key";

    /// <summary>Reads the secrets; makes those that are missing. Several nodes may do that at once on one folder.</summary>
    /// <param name="folder">Where they are.</param>
    /// <param name="operationsFile">The operations token's file when it is elsewhere.</param>
    /// <param name="tokenKeyFile">The file of the key that signs tokens of our own; empty: there is none.</param>
    /// <exception cref="StartException">A file is not what it has to be.</exception>
    public static NodeSecrets ReadOrCreate(string folder, string? operationsFile, string? tokenKeyFile)
    {
        PrivateFolder.Create(folder);
        var hasher = new CredentialHasher(ReadKey(Path.Combine(folder, "credential-key")));
        var admin = ReadAdmin(Path.Combine(folder, "admin-token"));
        var dispatcher = ReadDispatcher(Path.Combine(folder, "dispatcher-token"));
        var operations = SecretFile.ReadOrCreate(
            operationsFile is { Length: > 0 } own ? Path.GetFullPath(own) : Path.Combine(folder, "operations-token"),
            () => $"o.{CredentialHasher.NewSecret()}");
        if (tokenKeyFile is { Length: > 0 })
        {
            SecretFile.ReadOrCreate(tokenKeyFile, TokenServices.NewLocalKey);
        }

        return new NodeSecrets(hasher, admin, dispatcher, operations);
    }

    private static byte[] ReadKey(string path)
    {
        var text = SecretFile.ReadOrCreate(path, () => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32)));
        return Base64Url.IsValid(text, out var length) && length >= 32
            ? Base64Url.DecodeFromChars(text)
            : throw new StartException($"{path} must hold at least 32 bytes as base64url.");
    }

    private static AccessToken ReadAdmin(string path) =>
        AccessToken.TryParse(SecretFile.ReadOrCreate(path, () => AccessToken.NewAdmin().ToString()), out var token)
        && token.IsAdmin
            ? token
            : throw new StartException($"{path} must hold an admin's token: 'a.' and 43 characters.");

    private static AccessToken ReadDispatcher(string path) =>
        AccessToken.TryParse(SecretFile.ReadOrCreate(path, () => AccessToken.NewDispatcher().ToString()), out var token)
        && token.IsDispatcher
            ? token
            : throw new StartException($"{path} must hold a dispatcher's token: 'd.' and 43 characters.");
}
