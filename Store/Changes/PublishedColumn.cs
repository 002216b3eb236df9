namespace ArtMqtt.Store.Changes;

/// <summary>A column as it is told to others.</summary>
/// <param name="Name">Its public name, which stays.</param>
/// <param name="Type">What is in it.</param>
/// <param name="Source">Name in the table.</param>
/// <param name="IsKey">Whether it is part of what tells rows apart.</param>
/// <param name="IsDevice">Whether the table holds a device's key where the device's id is told.</param>
public sealed record PublishedColumn(string Name, ColumnType Type, string Source, bool IsKey = false, bool IsDevice = false)
{
    /// <summary>PostgreSQL's name of the type, for clients.</summary>
    public string TypeName => Type switch
    {
        ColumnType.Text => "text",
        ColumnType.Uuid => "uuid",
        ColumnType.Whole => "int4",
        ColumnType.Real => "float8",
        ColumnType.Boolean => "bool",
        _ => "timestamptz",
    };
}
