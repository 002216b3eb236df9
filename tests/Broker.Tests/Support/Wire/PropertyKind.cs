namespace ArtMqtt.Broker.Tests.Support.Wire;

/// <summary>How the value of a property is written.</summary>
internal enum PropertyKind
{
    /// <summary>One byte.</summary>
    Byte,

    /// <summary>Two bytes.</summary>
    Short,

    /// <summary>Four bytes.</summary>
    Long,

    /// <summary>Variable byte integer.</summary>
    Variable,

    /// <summary>UTF-8 with its length before it.</summary>
    Text,

    /// <summary>Bytes with their length before them.</summary>
    Binary,

    /// <summary>Two texts.</summary>
    Pair,
}
