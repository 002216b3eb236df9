using System.CommandLine;

namespace ArtMqtt.Node.Commands;

/// <summary>Options that say which node, and how it knows us. Without them: the node of this machine.</summary>
internal sealed class NodeConnection
{
    /// <summary>The secret with the dispatchers' token.</summary>
    public const string DispatcherToken = "dispatcher-token";

    /// <summary>The secret with the admins' token.</summary>
    public const string AdminToken = "admin-token";

    // Not an option: what stands on the command line can be read by everybody on the machine.
    private const string TokenVariable = "ARTMQTT_TOKEN";

    private readonly Option<string?> _url = new("--url", "--server")
    {
        Description = "address of the node; default http://127.0.0.1 and Http:Port (8080)",
        Recursive = true,
    };

    private readonly Option<FileInfo?> _tokenFile = new("--token-file")
    {
        Description = "file with an access token; default: what ARTMQTT_TOKEN holds, or secrets/dispatcher-token in the data folder, or admin-token where it must be an admin's",
        Recursive = true,
    };

    private readonly Option<DirectoryInfo?> _dataFolder = new("--data-folder")
    {
        Description = "data folder of the node",
        Recursive = true,
    };

    /// <summary>Adds the options to a verb and those below it.</summary>
    public void AddTo(Command command)
    {
        command.Options.Add(_url);
        command.Options.Add(_tokenFile);
        command.Options.Add(_dataFolder);
    }

    /// <summary>The node's API, as the options and the node's own settings say.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="secret">The secret of the node that is the token when none is given.</param>
    /// <exception cref="CommandException">There is no token, or the address is none.</exception>
    public NodeApi Open(ParseResult parsed, string secret = DispatcherToken)
    {
        var settings = ReadSettings(parsed.GetValue(_dataFolder) is { } folder ? [new("DataFolder", folder.FullName)] : []);
        var url = parsed.GetValue(_url) ?? $"http://127.0.0.1:{settings["Http:Port"] ?? "8080"}";
        if (!Uri.TryCreate(url, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https"))
        {
            throw new CommandException($"--url is '{url}': must be an http(s) address.");
        }

        var token = parsed.GetValue(_tokenFile) is { } file ? ReadToken(file.FullName)
            : settings[TokenVariable] is { Length: > 0 } given ? given
            : ReadToken(DefaultTokenFile(settings, secret));
        return new NodeApi(address, token);
    }

    /// <summary>The settings of the node of this machine, as far as file and environment hold them.</summary>
    /// <param name="more">What stands above those.</param>
    public static IConfiguration ReadSettings(params KeyValuePair<string, string?>[] more) => new ConfigurationBuilder()
        .AddJsonFile(Path.GetFullPath("appsettings.json"), optional: true).AddEnvironmentVariables()
        .AddInMemoryCollection(more)
        .Build();

    private static string DefaultTokenFile(IConfiguration settings, string secret)
    {
        var secrets = settings["Secrets:Folder"] is { Length: > 0 } configured
            ? Path.GetFullPath(configured)
            : Path.Combine(NodeOptions.Read(settings).DataFolder, "secrets");
        return Path.Combine(secrets, secret);
    }

    private static string ReadToken(string path)
    {
        try
        {
            return File.ReadAllText(path).Trim() is { Length: > 0 } token
                ? token
                : throw new CommandException($"{path} is empty; it must hold an access token.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CommandException($"No access token: {e.Message} Give --token-file, --data-folder or ARTMQTT_TOKEN.");
        }
    }
}
