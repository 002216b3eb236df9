namespace ArtMqtt.Identity;

/// <summary>In which capacity the holder of a token comes; the order is that of what they may do, most first.</summary>
public enum CallerRole
{
    /// <summary>May do everything; without a tenant in all of them.</summary>
    Admin,

    /// <summary>Assigns, and does everything else of one tenant.</summary>
    Dispatcher,

    /// <summary>Reads everything, changes nothing.</summary>
    Analyst,

    /// <summary>A person who drives to requests with the device that the token names.</summary>
    Operator,

    /// <summary>A vehicle or phone by itself.</summary>
    Device,

    /// <summary>Who waits for one request.</summary>
    Customer,
}
