using System.Buffers.Text;
using System.Security.Cryptography;
using ArtMqtt.Contracts.Security;
using ArtMqtt.Identity;
using Microsoft.Extensions.Configuration.Memory;

namespace ArtMqtt.Node.Secrets;

/// <summary>
/// Registration of the node's secrets: <c>credential-key</c>, <c>admin-token</c>, <c>dispatcher-token</c>,
/// <c>operations-token</c> and <c>token-key</c> in the folder <c>Secrets:Folder</c> (default: <c>secrets</c> in the data
/// folder; the operations token where <c>Secrets:OperationsTokenFile</c> says). Nodes on one database share them. The store adds <c>analyst-connection</c>.
/// </summary>
internal static class SecretsServices
{
    private const string TokenKeySetting = $"{TokenOptions.Section}:{nameof(TokenOptions.LocalKeyFile)}";

    /// <summary>Reads the secrets; makes those that are missing.</summary>
    /// <exception cref="StartException">A file is not what it has to be.</exception>
    public static void AddSecrets(this WebApplicationBuilder builder, NodeOptions node)
    {
        var folder = builder.Configuration["Secrets:Folder"] is { Length: > 0 } configured
            ? Path.GetFullPath(configured)
            : Path.Combine(node.DataFolder, "secrets");
        PrivateFolder.Create(folder);
        var hasher = new CredentialHasher(ReadKey(Path.Combine(folder, "credential-key")));
        var admin = ReadAdmin(Path.Combine(folder, "admin-token"));
        var dispatcher = ReadDispatcher(Path.Combine(folder, "dispatcher-token"));
        var operations = SecretFile.ReadOrCreate(
            builder.Configuration["Secrets:OperationsTokenFile"] is { Length: > 0 } own
                ? Path.GetFullPath(own)
                : Path.Combine(folder, "operations-token"),
            () => $"o.{CredentialHasher.NewSecret()}");

        builder.Services.AddSingleton(hasher);
        builder.Services.AddSingleton(new AdminCredential(hasher.Hash(admin.Secret)));
        builder.Services.AddSingleton(new DispatcherCredential(hasher.Hash(dispatcher.Secret)));
        builder.Services.AddSingleton(new OperationsAccess(hasher, hasher.Hash(operations)));
        builder.Configuration.Sources.Insert(0, new MemoryConfigurationSource
        {
            InitialData = new Dictionary<string, string?>
            {
                ["Store:Analyst:ConnectionFile"] = Path.Combine(folder, "analyst-connection"),
                [TokenKeySetting] = Path.Combine(folder, "token-key"),
            },
        });
        if (builder.Configuration[TokenKeySetting] is { Length: > 0 } tokenKey)
        {
            SecretFile.ReadOrCreate(tokenKey, TokenServices.NewLocalKey);
        }

        builder.Services.AddHostedService(provider => new ExposureWarning(
            folder, provider.GetRequiredService<ILogger<ExposureWarning>>()));
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
