namespace ArtMqtt.Node;

/// <summary>What a node does.</summary>
[Flags]
internal enum NodeRoles
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Takes positions over MQTT into its spool.</summary>
    Broker = 1,

    /// <summary>Moves positions from a spool of this machine to the database.</summary>
    Ingest = 2,

    /// <summary>Serves browsers and the HTTP API.</summary>
    Gateway = 4,
}
