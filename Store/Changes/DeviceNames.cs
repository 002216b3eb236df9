using System.Globalization;
using Npgsql;

namespace ArtMqtt.Store.Changes;

/// <summary>
/// Ids of devices by their keys, as of the change that is being decoded: read when the following starts, then kept by
/// the changes of <c>devices</c> themselves. A row that names a device always comes after that device.
/// </summary>
internal sealed class DeviceNames
{
    private const string ReadSql = "SELECT device_key, device_id FROM devices";

    private readonly Dictionary<string, string> _names = [];

    public async Task ReadAsync(NpgsqlDataSource dataSource, CancellationToken cancellationToken)
    {
        _names.Clear();
        await using var command = dataSource.CreateCommand(ReadSql);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            Add(reader.GetInt32(0).ToString(CultureInfo.InvariantCulture), reader.GetString(1));
        }
    }

    public void Add(string key, string deviceId) => _names[key] = deviceId;

    public void Remove(string key) => _names.Remove(key);

    /// <summary>The id; null for a device that was removed since, of which only late changes speak.</summary>
    public string? Find(string key) => _names.GetValueOrDefault(key);
}
