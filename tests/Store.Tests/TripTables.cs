using ArtMqtt.Contracts.Positions;
using ArtMqtt.Store.Rollups;
using ArtMqtt.Store.Routes;
using ArtMqtt.Store.Trips;

namespace ArtMqtt.Store.Tests;

/// <summary>One device of a database, its positions and what is in its trip tables.</summary>
internal sealed class TripTables(StoreDatabase database, int device)
{
    private static readonly DateTimeOffset _until = new(2100, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static IEnumerable<string> Describe(IEnumerable<RoutePart> parts) => parts.Select(part => part switch
    {
        RouteStop stop => FormattableString.Invariant(
            $"{stop.From:u}-{stop.To:u} stands at {stop.Latitude:R} {stop.Longitude:R}"),
        RouteTrip trip => FormattableString.Invariant(
            $"{trip.From:u}-{trip.To:u} {trip.Distance:R} m, {trip.Moving.TotalSeconds:R} s, max {trip.MaxSpeed:R}: ")
            + FormattableString.Invariant(
                $"{trip.Start.Latitude:R} {trip.Start.Longitude:R} to {trip.End.Latitude:R} {trip.End.Longitude:R}"),
        _ => "",
    });

    public Task WriteAsync(
        IEnumerable<Position> positions, Guid? request = null, DateTimeOffset received = default) => database.WriteAsync(
        [new ReceivedPositions(
            device, "truck", request is null ? PositionRole.Device : PositionRole.Operator, request, received,
            [.. positions.Select(p => new ReceivedPosition(p, false))])], Token);

    public async Task SumUpAsync()
    {
        while (await new DeviceHourRepository(database.DataSource).SumUpAsync(_until, 50, Token) > 0)
        {
        }
    }

    public async Task UpdateAsync()
    {
        while (await new DeviceTripRepository(database.DataSource).UpdateNextAsync(Token))
        {
        }
    }

    public Task<long> CountAsync(string table) =>
        database.QueryAsync<long>($"SELECT count(*) FROM {table} WHERE device_key = {device}");

    public async Task<IReadOnlyList<string>> RowsAsync()
    {
        var parts = new List<RoutePart>();
        await using var stops = database.DataSource.CreateCommand(
            $"SELECT start_time, end_time, lat, lng FROM device_stops WHERE device_key = {device}");
        await using (var reader = await stops.ExecuteReaderAsync(Token))
        {
            while (await reader.ReadAsync(Token))
            {
                parts.Add(new RouteStop(
                    reader.GetFieldValue<DateTimeOffset>(0), reader.GetFieldValue<DateTimeOffset>(1),
                    reader.GetDouble(2), reader.GetDouble(3)));
            }
        }

        await using var trips = database.DataSource.CreateCommand($"""
            SELECT start_time, end_time, start_lat, start_lng, end_lat, end_lng, distance_m, moving_s, max_speed
            FROM device_trips WHERE device_key = {device}
            """);
        await using (var reader = await trips.ExecuteReaderAsync(Token))
        {
            while (await reader.ReadAsync(Token))
            {
                parts.Add(new RouteTrip(
                    new(reader.GetDouble(2), reader.GetDouble(3), reader.GetFieldValue<DateTimeOffset>(0)),
                    new(reader.GetDouble(4), reader.GetDouble(5), reader.GetFieldValue<DateTimeOffset>(1)),
                    reader.GetDouble(6), reader.IsDBNull(8) ? null : reader.GetFloat(8))
                {
                    Moving = TimeSpan.FromSeconds(reader.GetDouble(7)),
                });
            }
        }

        return [.. Describe(parts.OrderBy(part => part.From))];
    }
}
