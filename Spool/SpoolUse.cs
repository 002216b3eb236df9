namespace ArtMqtt.Spool;

/// <summary>What a process does with a spool. Each of the two may be done by one process at a time.</summary>
public enum SpoolUse
{
    /// <summary>Appends and reads.</summary>
    Both,

    /// <summary>Appends; another process reads.</summary>
    Append,

    /// <summary>Reads and acknowledges what another process appends, or appended.</summary>
    Read,
}
