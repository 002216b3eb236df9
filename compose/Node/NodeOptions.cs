using ArtMqtt.Spool;

namespace ArtMqtt.Node;

/// <summary>What this node is: the keys <c>Roles</c> and <c>DataFolder</c>.</summary>
/// <param name="Roles">What it does. Default: everything.</param>
/// <param name="DataFolder">
/// Full path of the folder for spool, secrets and the last known fleet. Default: <c>/var/lib/artmqtt/node</c> for root,
/// <c>artmqtt/node</c> in the user's data folder for others.
/// </param>
internal sealed record NodeOptions(NodeRoles Roles, string DataFolder)
{
    private const string RolesKey = "Roles";
    private const string DataFolderKey = "DataFolder";
    private static readonly NodeRoles[] _all = [NodeRoles.Broker, NodeRoles.Ingest, NodeRoles.Gateway];

    /// <summary>Whether the node has at least one of these roles.</summary>
    public bool Has(NodeRoles any) => (Roles & any) != 0;

    /// <summary>What it does with its spool.</summary>
    public SpoolUse SpoolUse => (Has(NodeRoles.Broker), Has(NodeRoles.Ingest)) switch
    {
        (true, true) => SpoolUse.Both,
        (true, false) => SpoolUse.Append,
        _ => SpoolUse.Read,
    };

    /// <summary>Reads and checks the keys.</summary>
    /// <exception cref="StartException">A value is not allowed.</exception>
    public static NodeOptions Read(IConfiguration configuration)
    {
        var folder = configuration[DataFolderKey] is { Length: > 0 } text ? text : DefaultFolder();
        return new NodeOptions(ReadRoles(configuration[RolesKey]), Path.GetFullPath(folder));
    }

    /// <summary>Refuses a node with some of the roles that would start a database of its own, which those with the others do not know.</summary>
    /// <exception cref="StartException">There is no <c>ConnectionStrings:Timescale</c>.</exception>
    public void RequireSharedDatabase(IConfiguration configuration)
    {
        if (_all.Any(role => !Has(role)) && string.IsNullOrEmpty(configuration.GetConnectionString("Timescale")))
        {
            throw new StartException(
                $"{RolesKey} leaves some to other nodes: ConnectionStrings:Timescale must name the database of all of them.");
        }
    }

    private static NodeRoles ReadRoles(string? text)
    {
        var roles = NodeRoles.None;
        foreach (var name in (text ?? "broker,ingest,gateway").Split(
            ',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var role = _all.FirstOrDefault(r => r.ToString().Equals(name, StringComparison.OrdinalIgnoreCase));
            roles |= role != NodeRoles.None ? role : throw Refused(text);
        }

        return roles != NodeRoles.None ? roles : throw Refused(text);
    }

    private static StartException Refused(string? text) =>
        new($"{RolesKey} is '{text}': must be one or more of broker, ingest, gateway, separated by commas.");

    private static string DefaultFolder() => Environment.IsPrivilegedProcess && !OperatingSystem.IsWindows()
        ? "/var/lib/artmqtt/node"
        : Path.Combine(
            Environment.GetFolderPath(
                Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify),
            "artmqtt", "node");
}
