using ArtMqtt.Contracts.Positions;
using ArtMqtt.Store.Routes;
using ArtMqtt.Store.Speeds;

namespace ArtMqtt.Store.Tests;

public sealed class SpeedGridTests
{
    [Theory]
    [InlineData(0, 11.5)]
    [InlineData(48.137, 11.575)]
    [InlineData(-33.9, 151.2)]
    [InlineData(69.6, 18.9)]
    public void A_cell_is_about_700_metres_in_each_direction(double latitude, double longitude)
    {
        Assert.InRange(CellsOver(latitude, longitude, north: 0.5, east: 0, out var metres) / (metres / 695), 0.95, 1.05);
        Assert.InRange(CellsOver(latitude, longitude, north: 0, east: 0.5, out metres) / (metres / 695), 0.95, 1.05);
    }

    [Fact]
    public void A_block_has_64_cells_that_follow_each_other()
    {
        var cells = new HashSet<int>();
        for (var north = 0; north < 80; north++)
        {
            for (var east = 0; east < 160; east++)
            {
                cells.Add(SpeedGrid.CellOf(48.1 + (north * 0.001), 11.5 + (east * 0.001)));
            }
        }

        var whole = cells.GroupBy(SpeedGrid.BlockOf).Where(block => block.Count() == SpeedGrid.CellsPerBlock).ToList();
        Assert.NotEmpty(whole);
        Assert.All(whole, block => Assert.Equal(
            (SpeedGrid.FirstCellOf(block.Key), SpeedGrid.FirstCellOf(block.Key + 1) - 1), (block.Min(), block.Max())));
    }

    [Theory]
    [InlineData(90, 0)]
    [InlineData(-90, 180)]
    [InlineData(89.99, -180)]
    [InlineData(48, 180)]
    [InlineData(-48, 179.99999)]
    public void The_edges_of_the_earth_have_cells(double latitude, double longitude) =>
        Assert.True(SpeedGrid.CellOf(latitude, longitude) >= 0);

    [Fact]
    public void Both_sides_of_the_date_line_meet() =>
        Assert.Equal(SpeedGrid.CellOf(10, -180), SpeedGrid.CellOf(10, 180));

    [Theory]
    [InlineData("2026-03-02T00:00:00Z", 0)]
    [InlineData("2026-03-02T01:30:00+01:00", 0)]
    [InlineData("2026-03-08T23:59:59Z", 167)]
    public void The_week_begins_on_monday_in_utc(string time, int hour) =>
        Assert.Equal(hour, SpeedGrid.HourOfWeek(DateTimeOffset.Parse(time, System.Globalization.CultureInfo.InvariantCulture)));

    private static int CellsOver(double latitude, double longitude, double north, double east, out double metres)
    {
        var from = new Position(latitude, longitude, default);
        metres = Ellipsoid.Distance(from, new Position(latitude + north, longitude + east, default));
        var changes = 0;
        for (var i = 1; i <= 10_000; i++)
        {
            var (before, now) = ((i - 1) / 10_000.0, i / 10_000.0);
            changes += SpeedGrid.CellOf(latitude + (north * before), longitude + (east * before))
                == SpeedGrid.CellOf(latitude + (north * now), longitude + (east * now)) ? 0 : 1;
        }

        return changes;
    }
}
