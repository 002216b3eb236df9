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
        builder.Configuration.Sources.Insert(0, new MemoryConfigurationSource
        {
            InitialData = new Dictionary<string, string?>
            {
                ["Store:Analyst:ConnectionFile"] = Path.Combine(folder, "analyst-connection"),
                [TokenKeySetting] = Path.Combine(folder, NodeSecrets.TokenKeyName),
            },
        });
        var secrets = NodeSecrets.ReadOrCreate(
            folder, builder.Configuration["Secrets:OperationsTokenFile"], builder.Configuration[TokenKeySetting]);

        builder.Services.AddSingleton(secrets.Hasher);
        builder.Services.AddSingleton(new AdminCredential(secrets.Hasher.Hash(secrets.Admin.Secret)));
        builder.Services.AddSingleton(new DispatcherCredential(secrets.Hasher.Hash(secrets.Dispatcher.Secret)));
        builder.Services.AddSingleton(new OperationsAccess(secrets.Hasher, secrets.Hasher.Hash(secrets.Operations)));
        builder.Services.AddHostedService(provider => new ExposureWarning(
            folder, provider.GetRequiredService<ILogger<ExposureWarning>>()));
    }
}
