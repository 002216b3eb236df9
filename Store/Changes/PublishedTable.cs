namespace ArtMqtt.Store.Changes;

/// <summary>
/// A table whose changes are told, with the columns that may be known: no key that only this database understands, and
/// no secret. This is the only place that says so.
/// </summary>
public sealed class PublishedTable
{
    /// <summary>The only schema.</summary>
    public const string Schema = "public";

    /// <summary>Requests, one row each.</summary>
    public static readonly PublishedTable Requests = new(
        "service_requests",
        new("id", ColumnType.Uuid, "request_id", IsKey: true), new("status", ColumnType.Text, "status"),
        new("device_id", ColumnType.Text, "device_key", IsDevice: true),
        new("pickup_lat", ColumnType.Real, "pickup_lat"), new("pickup_lng", ColumnType.Real, "pickup_lng"),
        new("customer_name", ColumnType.Text, "customer_name"), new("note", ColumnType.Text, "note"),
        new("created_at", ColumnType.Timestamp, "created_at"), new("updated_at", ColumnType.Timestamp, "updated_at"),
        new("version", ColumnType.Whole, "version"), new("tenant", ColumnType.Text, "tenant"),
        new("arrival_noticed_at", ColumnType.Timestamp, "arrival_noticed_at"));

    /// <summary>What happened to requests; rows are only added.</summary>
    public static readonly PublishedTable RequestEvents = new(
        "request_events",
        new("request_id", ColumnType.Uuid, "request_id", IsKey: true),
        new("version", ColumnType.Whole, "version", IsKey: true),
        new("from_status", ColumnType.Text, "from_status"), new("to_status", ColumnType.Text, "to_status"),
        new("device_id", ColumnType.Text, "device_key", IsDevice: true),
        new("at", ColumnType.Timestamp, "at"), new("by", ColumnType.Text, "by"),
        new("tenant", ColumnType.Text, "tenant"));

    /// <summary>Devices, without their credentials.</summary>
    public static readonly PublishedTable Devices = new(
        "devices",
        new("device_id", ColumnType.Text, "device_id", IsKey: true), new("name", ColumnType.Text, "name"),
        new("is_enabled", ColumnType.Boolean, "is_enabled"), new("created_at", ColumnType.Timestamp, "created_at"),
        new("tenant", ColumnType.Text, "tenant"));

    /// <summary>All of them.</summary>
    public static readonly IReadOnlyList<PublishedTable> All = [Requests, RequestEvents, Devices];

    private readonly Dictionary<string, int> _bySource;

    private PublishedTable(string name, params PublishedColumn[] columns)
    {
        (Name, Columns) = (name, columns);
        _bySource = columns.Index().ToDictionary(c => c.Item.Source, c => c.Index);
    }

    /// <summary>Name, in the database and to others.</summary>
    public string Name { get; }

    /// <summary>The columns, in the order of <see cref="RowChange.New"/>.</summary>
    public IReadOnlyList<PublishedColumn> Columns { get; }

    /// <summary>The table of that name, or null.</summary>
    public static PublishedTable? Find(string name) => All.FirstOrDefault(table => table.Name == name);

    /// <summary>Place of a public column, or -1.</summary>
    public int IndexOf(string column)
    {
        for (var i = 0; i < Columns.Count; i++)
        {
            if (Columns[i].Name == column)
            {
                return i;
            }
        }

        return -1;
    }

    /// <summary>Place of a column of the database, or -1 when it is not told.</summary>
    internal int IndexOfSource(string column) => _bySource.GetValueOrDefault(column, -1);
}
