using System.Text.Json;
using ArtMqtt.Store.Changes;
using ArtMqtt.WebGateway.Changes.Filters;

namespace ArtMqtt.WebGateway.Changes;

/// <summary>One entry of <c>postgres_changes</c> in a join: what the client wants, before its rights are looked at.</summary>
internal sealed class SubscriptionWish
{
    private const string All = "*";
    private static long _lastId;

    private readonly JsonElement _text;
    private readonly RowChangeKind? _kind;
    private readonly string? _table;
    private readonly List<(PublishedTable Table, Filter? Filter, ColumnSelection? Columns)> _parts;

    private SubscriptionWish(
        JsonElement text, RowChangeKind? kind, string? table, List<(PublishedTable, Filter?, ColumnSelection?)> parts) =>
        (_text, _kind, _table, _parts) = (text, kind, table, parts);

    /// <summary>Its number towards the client; never 0, which clients take for none.</summary>
    public long Id { get; } = Interlocked.Increment(ref _lastId);

    /// <summary>Reads an entry.</summary>
    /// <exception cref="FilterException">It cannot be served; the message is for the client.</exception>
    public static SubscriptionWish Parse(JsonElement entry, int maxFilterLength)
    {
        if (entry.ValueKind != JsonValueKind.Object)
        {
            throw new FilterException("each entry of postgres_changes is an object");
        }

        var (schema, table, filter) = (Text(entry, "schema"), Text(entry, "table"), Text(entry, "filter"));
        if (schema is null && table is null)
        {
            throw new FilterException("give a `schema` or a `table`");
        }

        if (filter?.Length > maxFilterLength)
        {
            throw new FilterException($"a filter has {maxFilterLength} characters at most");
        }

        var name = table is null or All ? null : table;
        if (name is null && !string.IsNullOrWhiteSpace(filter))
        {
            throw new FilterException("a filter needs a table");
        }

        var parts = FindTables(schema, name).Select(found => (
            found, FilterParser.Parse(filter ?? "", found), Columns(entry, found, isExplicit: name is not null)));
        return new SubscriptionWish(entry, Kind(Text(entry, "event")), name, [.. parts]);
    }

    /// <summary>The subscriptions that fulfil it as far as the caller may know.</summary>
    /// <returns>Null when the caller may know nothing of it.</returns>
    public IReadOnlyList<Subscription>? For(RealtimeChannel channel, ChangeRights rights)
    {
        var found = new List<Subscription>();
        foreach (var (table, filter, columns) in _parts)
        {
            if (rights.TryLimit(table, out var limit))
            {
                // The first of two is looked up: what a reader asks for is narrower than the tenant.
                Filter?[] both = rights.ReadsAll ? [filter, limit] : [limit, filter];
                var all = both.OfType<Filter>().ToList();
                found.Add(new Subscription(
                    channel, Id, table, _kind, all.Count switch { 0 => null, 1 => all[0], _ => new AllOf(all) }, columns));
            }
        }

        return found.Count > 0 ? found : null;
    }

    /// <summary>What it is about, for messages.</summary>
    public override string ToString() => _table ?? PublishedTable.Schema;

    /// <summary>Confirms it: with its number, else as it came, which is what clients compare.</summary>
    public void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteNumber("id", Id);
        foreach (var member in _text.EnumerateObject().Where(m => m.Name != "id"))
        {
            member.WriteTo(json);
        }

        json.WriteEndObject();
    }

    private static IReadOnlyList<PublishedTable> FindTables(string? schema, string? name)
    {
        if (schema is not (null or All or PublishedTable.Schema))
        {
            throw new FilterException($"there is no schema '{schema}'");
        }

        return name is null
            ? PublishedTable.All
            : [PublishedTable.Find(name) ?? throw new FilterException($"the changes of a table '{name}' are not published")];
    }

    private static RowChangeKind? Kind(string? name) => name?.ToUpperInvariant() switch
    {
        null or All => null,
        "INSERT" => RowChangeKind.Insert,
        "UPDATE" => RowChangeKind.Update,
        "DELETE" => RowChangeKind.Delete,
        _ => throw new FilterException("`event` is INSERT, UPDATE, DELETE or *"),
    };

    private static ColumnSelection? Columns(JsonElement entry, PublishedTable table, bool isExplicit)
    {
        if (!entry.TryGetProperty("select", out var select) || select.ValueKind == JsonValueKind.Null)
        {
            return null;
        }

        if (!isExplicit || select.ValueKind != JsonValueKind.Array
            || select.EnumerateArray().Any(name => name.ValueKind != JsonValueKind.String))
        {
            throw new FilterException("`select` is a list of columns of one table");
        }

        var names = select.EnumerateArray().Select(name => name.GetString()!).ToList();
        return names.Count == 0
            ? null
            : ColumnSelection.TryCreate(table, names) ?? throw new FilterException($"`select` has a column that {table.Name} has not");
    }

    private static string? Text(JsonElement entry, string name) =>
        !entry.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.Null ? null
        : value.ValueKind == JsonValueKind.String ? value.GetString()
        : throw new FilterException($"`{name}` is text");
}
