using ArtMqtt.DeviceAgent.Publishing;
using Microsoft.Extensions.Time.Testing;

namespace ArtMqtt.DeviceAgent.Tests.Publishing;

public sealed class DataBudgetTests
{
    private const int Daily = 100_000;

    private static readonly DateTimeOffset _start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task Never_spends_more_than_a_day_in_any_24_hours_however_much_waits()
    {
        var time = new EagerTime(_start);
        var budget = new DataBudget(Daily, time);
        var random = new Random(1);
        var spent = new List<(DateTimeOffset At, int Bytes)>();

        // Three days, one of them with hours of silence before all comes at once.
        while (time.GetUtcNow() < _start.AddDays(3))
        {
            if (random.Next(100) == 0)
            {
                time.Advance(TimeSpan.FromHours(random.Next(12)));
            }

            var bytes = random.Next(100, 7_000);
            await budget.SpendAsync(bytes, TestContext.Current.CancellationToken);
            spent.Add((time.GetUtcNow(), bytes));
        }

        foreach (var (at, _) in spent)
        {
            var day = spent.Where(s => s.At >= at && s.At < at.AddDays(1)).Sum(s => s.Bytes);
            // What is larger than may be spent at once is begun on credit.
            Assert.InRange(day, 0, Daily + 7_000);
        }

        Assert.Equal(spent.Sum(s => (long)s.Bytes), budget.Spent);
        Assert.InRange(budget.Spent, Daily, 3 * Daily);
    }

    [Fact]
    public async Task After_a_start_nothing_may_be_spent_yet()
    {
        var time = new FakeTimeProvider(_start);
        var budget = new DataBudget(Daily, time);

        var spending = budget.SpendAsync(1_000, TestContext.Current.CancellationToken).AsTask();
        time.Advance(TimeSpan.FromMinutes(10));
        Assert.False(spending.IsCompleted);
        time.Advance(TimeSpan.FromMinutes(10));
        await spending;

        Assert.Equal(1_000, budget.Spent);
    }
}
