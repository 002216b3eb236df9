namespace ArtMqtt.Ingest.Tests;

public sealed class WriteLimitTests
{
    private readonly WriteLimit _limit = new();

    [Fact]
    public void There_is_none_until_something_was_too_much()
    {
        _limit.Fits(50_000);

        Assert.Equal(int.MaxValue, _limit.Rows);
    }

    [Fact]
    public void Is_half_of_what_was_too_much_down_to_one()
    {
        var sizes = new List<int>();
        for (var rows = 50_000; sizes.Count < 17; rows = _limit.Rows)
        {
            _limit.TooMuch(rows);
            sizes.Add(_limit.Rows);
        }

        Assert.Equal([25_000, 12_500, 6_250], sizes[..3]);
        Assert.Equal([1, 1], sizes[^2..]);
    }

    [Fact]
    public void Is_not_raised_by_a_smaller_write_that_was_too_much_later()
    {
        _limit.TooMuch(100);
        _limit.TooMuch(1_000);

        Assert.Equal(50, _limit.Rows);
    }

    [Fact]
    public void Grows_from_one_to_a_whole_batch_in_some_hundred_writes()
    {
        _limit.TooMuch(1);
        var writes = 0;
        for (; _limit.Rows < 50_000; writes++)
        {
            _limit.Fits(_limit.Rows);
        }

        Assert.InRange(writes, 100, 200);
    }

    [Fact]
    public void Small_writes_say_nothing_about_large_ones()
    {
        _limit.TooMuch(1_000);
        _limit.Fits(499);

        Assert.Equal(500, _limit.Rows);
    }
}
