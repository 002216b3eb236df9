using Npgsql.Replication.PgOutput;
using Npgsql.Replication.PgOutput.Messages;

namespace ArtMqtt.Store.Changes;

/// <summary>Makes <see cref="RowChange"/> of the messages of pgoutput. What is not published is dropped here.</summary>
internal sealed class RowDecoder(DeviceNames devices)
{
    private const string DeviceKey = "device_key";
    private static readonly int _deviceId = PublishedTable.Devices.IndexOf("device_id");

    private DateTimeOffset _committedAt;

    /// <summary>The next message, in order; null when it is no change of a row that is told.</summary>
    public async Task<RowChange?> DecodeAsync(PgOutputReplicationMessage message, CancellationToken cancellationToken)
    {
        switch (message)
        {
            case BeginMessage begin:
                _committedAt = new DateTimeOffset(DateTime.SpecifyKind(begin.TransactionCommitTimestamp, DateTimeKind.Utc));
                return null;
            case InsertMessage insert when Find(insert.Relation) is { } table:
                var inserted = await ReadAsync(table, insert.NewRow, null, cancellationToken);
                Learn(inserted);
                return new RowChange(table, RowChangeKind.Insert, inserted.Values, null, _committedAt);
            case FullUpdateMessage update when Find(update.Relation) is { } table:
                var before = await ReadAsync(table, update.OldRow, null, cancellationToken);
                var after = await ReadAsync(table, update.NewRow, before.Values, cancellationToken);
                return new RowChange(table, RowChangeKind.Update, after.Values, before.Values, _committedAt);
            case FullDeleteMessage delete when Find(delete.Relation) is { } table:
                var deleted = await ReadAsync(table, delete.OldRow, null, cancellationToken);
                Forget(deleted);
                return new RowChange(table, RowChangeKind.Delete, null, deleted.Values, _committedAt);
            default:
                return null;
        }
    }

    private static PublishedTable? Find(RelationMessage relation) =>
        relation.Namespace == PublishedTable.Schema ? PublishedTable.Find(relation.RelationName) : null;

    private async Task<Row> ReadAsync(
        PublishedTable table, ReplicationTuple row, string?[]? before, CancellationToken cancellationToken)
    {
        var values = new string?[table.Columns.Count];
        string? deviceKey = null;
        await foreach (var value in row.WithCancellation(cancellationToken))
        {
            var source = value.GetFieldName();
            if (table == PublishedTable.Devices && source == DeviceKey)
            {
                deviceKey = await value.Get<string>(cancellationToken);
            }

            var index = table.IndexOfSource(source);
            if (index < 0 || value.IsDBNull)
            {
                continue;
            }

            // A long text that the change did not touch is not sent again.
            if (value.IsUnchangedToastedValue)
            {
                values[index] = before?[index];
                continue;
            }

            var column = table.Columns[index];
            var text = await value.Get<string>(cancellationToken);
            values[index] = column.IsDevice ? devices.Find(text) : ChangeValues.Format(column.Type, text);
        }

        return new Row(values, deviceKey);
    }

    private void Learn(Row device)
    {
        if (device.DeviceKey is { } key)
        {
            devices.Add(key, device.Values[_deviceId]!);
        }
    }

    private void Forget(Row device)
    {
        if (device.DeviceKey is { } key)
        {
            devices.Remove(key);
        }
    }

    /// <param name="Values">In the order of the table's columns.</param>
    /// <param name="DeviceKey">Of a row of <c>devices</c>.</param>
    private readonly record struct Row(string?[] Values, string? DeviceKey);
}
