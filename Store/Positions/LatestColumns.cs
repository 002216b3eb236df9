using ArtMqtt.Contracts.Positions;
using Npgsql;

namespace ArtMqtt.Store.Positions;

/// <summary>The newest positions of a batch, column by column, in memory that is used again. Not thread-safe.</summary>
internal sealed class LatestColumns
{
    private readonly List<int> _deviceKeys = [];
    private readonly List<DateTime> _fixTimes = [];
    private readonly List<DateTime> _receivedAt = [];
    private readonly List<Guid?> _requestIds = [];
    private readonly List<short> _roles = [];
    private readonly List<double> _latitudes = [];
    private readonly List<double> _longitudes = [];
    private readonly List<float?> _speeds = [];
    private readonly List<float?> _headings = [];
    private readonly List<float?> _accuracies = [];
    private readonly List<float?> _altitudes = [];
    private readonly List<short?> _batteries = [];
    private readonly List<long?> _sequences = [];

    /// <summary>Devices in it.</summary>
    public int Count => _deviceKeys.Count;

    /// <summary>Takes the newest position of each device among sorted rows. Customers are no devices.</summary>
    public void Fill(PositionSlice rows)
    {
        Clear();
        for (var i = 0; i < rows.Count; i++)
        {
            ref readonly var row = ref rows[i];
            var isLast = i + 1 == rows.Count || rows[i + 1].Source.DeviceKey != row.Source.DeviceKey;
            if (isLast && row.Source.Role != PositionRole.Customer)
            {
                Add(row);
            }
        }
    }

    /// <summary>Adds the columns as arrays, in the order of <see cref="PositionRowEncoder.Columns"/>.</summary>
    public void AddTo(NpgsqlParameterCollection parameters)
    {
        Add(parameters, _deviceKeys);
        Add(parameters, _fixTimes);
        Add(parameters, _receivedAt);
        Add(parameters, _requestIds);
        Add(parameters, _roles);
        Add(parameters, _latitudes);
        Add(parameters, _longitudes);
        Add(parameters, _speeds);
        Add(parameters, _headings);
        Add(parameters, _accuracies);
        Add(parameters, _altitudes);
        Add(parameters, _batteries);
        Add(parameters, _sequences);
    }

    private static void Add<T>(NpgsqlParameterCollection parameters, List<T> column) =>
        parameters.Add(new NpgsqlParameter<List<T>> { TypedValue = column });

    private void Add(in PositionRow row)
    {
        var (source, position) = (row.Source, row.Position);
        _deviceKeys.Add(source.DeviceKey);
        _fixTimes.Add(position.FixTime.UtcDateTime);
        _receivedAt.Add(source.ReceivedAt.UtcDateTime);
        _requestIds.Add(source.RequestId);
        _roles.Add((short)source.Role);
        _latitudes.Add(position.Latitude);
        _longitudes.Add(position.Longitude);
        _speeds.Add(position.Speed);
        _headings.Add(position.Heading);
        _accuracies.Add(position.Accuracy);
        _altitudes.Add(position.Altitude);
        _batteries.Add(position.Battery);
        _sequences.Add(position.Sequence);
    }

    private void Clear()
    {
        _deviceKeys.Clear();
        _fixTimes.Clear();
        _receivedAt.Clear();
        _requestIds.Clear();
        _roles.Clear();
        _latitudes.Clear();
        _longitudes.Clear();
        _speeds.Clear();
        _headings.Clear();
        _accuracies.Clear();
        _altitudes.Clear();
        _batteries.Clear();
        _sequences.Clear();
    }
}
