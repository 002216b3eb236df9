namespace ArtMqtt.Store.Changes;

/// <summary>Type of a published column, and how its values are written in <see cref="RowChange"/>.</summary>
public enum ColumnType
{
    /// <summary>Any text.</summary>
    Text,

    /// <summary>Lower case with hyphens.</summary>
    Uuid,

    /// <summary>32 bits, decimal.</summary>
    Whole,

    /// <summary>Double precision, shortest form that is exact.</summary>
    Real,

    /// <summary><c>true</c> or <c>false</c>.</summary>
    Boolean,

    /// <summary>ISO 8601 in UTC with up to six digits: <c>2026-01-02T03:04:05.678+00:00</c>.</summary>
    Timestamp,
}
