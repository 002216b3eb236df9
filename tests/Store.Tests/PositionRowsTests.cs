using ArtMqtt.Contracts.Positions;
using ArtMqtt.Store.Positions;

namespace ArtMqtt.Store.Tests;

public sealed class PositionRowsTests
{
    private static readonly DateTimeOffset _start = new(2026, 3, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly PositionRows _rows = new();

    [Fact]
    public void Are_sorted_by_device_and_time_and_the_first_of_doubles_stays()
    {
        Add(2, 1, tag: 1);
        Add(1, 5, tag: 2);
        Add(2, 0, tag: 3);
        Add(1, 5, tag: 4);
        Add(2, 1, tag: 5);

        Assert.Equal(2, _rows.Sort());

        Assert.Equal([2, 3, 1], Tags(_rows.All));
    }

    [Fact]
    public void Times_the_database_cannot_tell_apart_are_the_same()
    {
        _rows.Add(Source(1), new Position(1, 2, _start), 1);
        _rows.Add(Source(1), new Position(1, 2, _start.AddTicks(9)), 2);
        _rows.Add(Source(1), new Position(1, 2, _start.AddTicks(10)), 3);

        Assert.Equal(1, _rows.Sort());
        Assert.Equal([1, 3], Tags(_rows.All));
    }

    [Fact]
    public void Can_be_truncated_and_used_again()
    {
        for (var i = 0; i < 200; i++)
        {
            Add(1, i, i);
        }

        _rows.Truncate(1);
        Add(0, 7, 99);
        _rows.Sort();

        Assert.Equal([99, 0], Tags(_rows.All));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(7)]
    public void Halves_are_the_whole_and_never_empty(int count)
    {
        for (var i = 0; i < count; i++)
        {
            Add(1, i, i);
        }

        _rows.Sort();
        var (first, second) = _rows.All.Halve();

        Assert.NotEmpty(Tags(first));
        Assert.NotEmpty(Tags(second));
        Assert.Equal(Enumerable.Range(0, count), Tags(first).Concat(Tags(second)));
    }

    private void Add(int device, int second, int tag) =>
        _rows.Add(Source(device), new Position(1, 2, _start.AddSeconds(second)), tag);

    private static PositionSource Source(int device) => new(device, PositionRole.Device, null, _start);

    private static List<int> Tags(PositionSlice slice) =>
        [.. Enumerable.Range(0, slice.Count).Select(i => slice[i].Tag)];
}
