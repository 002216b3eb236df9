using System.Text;

namespace ArtMqtt.Spool.Tests;

/// <summary>What every spool promises.</summary>
public abstract class SpoolContract
{
    /// <summary>Options of the spool under test.</summary>
    protected SpoolOptions Options { get; } = new() { CapacityBytes = 1 << 20, MaxRecordBytes = 100_000 };

    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>A new, empty spool with <see cref="Options"/>.</summary>
    protected abstract ISpool Create();

    [Fact]
    public async Task Numbers_records_from_one_in_the_order_of_the_calls()
    {
        await using var spool = Create();

        var appends = Enumerable.Range(0, 1_000).Select(i => spool.AppendAsync(Text(i), Cancellation).AsTask());
        var numbers = await Task.WhenAll(appends.ToList());

        Assert.Equal(Enumerable.Range(1, 1_000).Select(i => (long)i), numbers);
        Assert.Equal(Enumerable.Range(0, 1_000).Select(i => $"r{i}"), await ReadAllAsync(spool, 0, 1_000));
    }

    [Fact]
    public async Task Gives_each_of_many_concurrent_appends_its_own_number_and_keeps_their_order()
    {
        await using var spool = Create();
        var written = new string[2_001];

        await Task.WhenAll(Enumerable.Range(0, 20).Select(writer => Task.Run(async () =>
        {
            var previous = 0L;
            for (var i = 0; i < 100; i++)
            {
                var text = $"{writer}:{i}";
                var number = await spool.AppendAsync(Encoding.UTF8.GetBytes(text), Cancellation);
                Assert.True(number > previous);
                previous = number;
                Assert.Null(Interlocked.Exchange(ref written[number], text));
            }
        })));

        Assert.Equal(written.Skip(1), await ReadAllAsync(spool, 0, 2_000));
    }

    [Fact]
    public async Task Reads_at_most_what_was_asked_for_and_goes_on_where_it_stopped()
    {
        await using var spool = Create();
        await AppendAsync(spool, 10);

        var first = await ReadAsync(spool, 0, 4);
        var second = await ReadAsync(spool, 4, 4);
        var third = await ReadAsync(spool, 8, 4);

        Assert.Equal(["r0", "r1", "r2", "r3"], first);
        Assert.Equal(["r4", "r5", "r6", "r7"], second);
        Assert.Equal(["r8", "r9"], third);
    }

    [Fact]
    public async Task Reads_again_from_any_number_that_is_not_acknowledged()
    {
        await using var spool = Create();
        await AppendAsync(spool, 10);

        await ReadAsync(spool, 0, 10);
        await spool.AcknowledgeAsync(3, Cancellation);

        Assert.Equal(["r3", "r4"], await ReadAsync(spool, 3, 2));
        Assert.Equal(["r9"], await ReadAsync(spool, 9, 2));
        Assert.Equal(["r3", "r4"], await ReadAsync(spool, spool.Acknowledged, 2));
    }

    [Fact]
    public async Task Reading_waits_for_the_next_record()
    {
        await using var spool = Create();

        var reading = spool.ReadAsync(0, 10, Cancellation).AsTask();
        Assert.False(reading.IsCompleted);
        await AppendAsync(spool, 1);

        var batch = await reading;
        Assert.Equal((1, 1), (batch.First, batch.Last));
    }

    [Fact]
    public async Task Reading_can_be_given_up_and_begun_again()
    {
        await using var spool = Create();
        using var giveUp = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);

        var reading = spool.ReadAsync(0, 10, giveUp.Token).AsTask();
        await giveUp.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading);
        await AppendAsync(spool, 1);
        Assert.Equal(["r0"], await ReadAsync(spool, 0, 10));
    }

    [Fact]
    public async Task Acknowledging_is_idempotent_and_never_goes_back()
    {
        await using var spool = Create();
        await AppendAsync(spool, 10);

        await spool.AcknowledgeAsync(7, Cancellation);
        await spool.AcknowledgeAsync(7, Cancellation);
        await spool.AcknowledgeAsync(3, Cancellation);

        Assert.Equal(7, spool.Acknowledged);
        Assert.Equal(3, spool.Status.Records);
        Assert.Equal(["r7", "r8", "r9"], await ReadAsync(spool, 0, 100));
    }

    [Fact]
    public async Task Refuses_to_acknowledge_what_was_never_appended()
    {
        await using var spool = Create();
        await AppendAsync(spool, 2);

        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(
            () => spool.AcknowledgeAsync(3, Cancellation).AsTask());
        Assert.Equal(0, spool.Acknowledged);
    }

    [Fact]
    public async Task Is_empty_again_when_everything_is_acknowledged()
    {
        await using var spool = Create();
        await AppendAsync(spool, 10);
        Assert.True(spool.Status.Bytes > 0);

        await spool.AcknowledgeAsync(10, Cancellation);

        Assert.Equal(new SpoolStatus(0, 0, Options.CapacityBytes, null), spool.Status);
        Assert.Equal(11, await spool.AppendAsync(Text(11), Cancellation));
    }

    [Fact]
    public async Task Appending_waits_while_the_spool_is_full_and_goes_on_in_order()
    {
        await using var spool = Create();
        var stored = await FillAsync(spool);

        var waiting = Enumerable.Range(0, 3)
            .Select(_ => spool.AppendAsync(new byte[50_000], Cancellation).AsTask())
            .ToList();
        Assert.All(waiting, append => Assert.False(append.IsCompleted));
        await spool.AcknowledgeAsync(stored, Cancellation);

        Assert.Equal([stored + 1, stored + 2, stored + 3], await Task.WhenAll(waiting));
        Assert.Equal(3, spool.Status.Records);
    }

    [Fact]
    public async Task Never_stores_more_than_its_capacity()
    {
        await using var spool = Create();

        await FillAsync(spool);

        Assert.InRange(spool.Status.Bytes, Options.CapacityBytes * 9 / 10, Options.CapacityBytes);
    }

    [Fact]
    public async Task An_append_that_gives_up_while_the_spool_is_full_takes_no_number()
    {
        await using var spool = Create();
        var stored = await FillAsync(spool);
        using var giveUp = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);

        var first = spool.AppendAsync(new byte[60_000], giveUp.Token).AsTask();
        var second = spool.AppendAsync(new byte[60_001], Cancellation).AsTask();
        await giveUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        await spool.AcknowledgeAsync(stored, Cancellation);

        Assert.Equal(stored + 1, await second);
        var batch = await spool.ReadAsync(stored, 10, Cancellation);
        Assert.Equal(60_001, Assert.Single(batch.Records).Length);
    }

    [Fact]
    public async Task A_cancelled_token_appends_nothing()
    {
        await using var spool = Create();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => spool.AppendAsync(Text(0), new CancellationToken(canceled: true)).AsTask());

        Assert.Equal(0, spool.Status.Records);
    }

    [Fact]
    public async Task Survives_appends_that_are_cancelled_at_any_moment()
    {
        await using var spool = Create();
        var kept = 0L;

        await Task.WhenAll(Enumerable.Range(0, 8).Select(writer => Task.Run(async () =>
        {
            for (var i = 0; i < 300; i++)
            {
                using var giveUp = new CancellationTokenSource();
                var append = spool.AppendAsync(Text(i), giveUp.Token).AsTask();
                if ((i + writer) % 3 == 0)
                {
                    await giveUp.CancelAsync();
                }

                try
                {
                    await append;
                    Interlocked.Increment(ref kept);
                }
                catch (OperationCanceledException)
                {
                    // Given up: the record may be there all the same.
                }
            }
        })));

        var last = await spool.AppendAsync(Text(0), Cancellation);
        Assert.InRange(last, kept + 1, 8 * 300 + 1);
        Assert.Equal((int)last, (await ReadAllAsync(spool, 0, (int)last)).Count);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(100_001)]
    public async Task Refuses_a_record_that_is_empty_or_too_large(int length)
    {
        await using var spool = Create();

        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(
            async () => await spool.AppendAsync(new byte[length], Cancellation));

        Assert.Equal(0, spool.Status.Records);
    }

    [Fact]
    public async Task Copies_the_record_before_the_call_returns()
    {
        await using var spool = Create();
        var record = Encoding.UTF8.GetBytes("before");

        var append = spool.AppendAsync(record, Cancellation);
        Encoding.UTF8.GetBytes("after!", record);
        await append;

        Assert.Equal(["before"], await ReadAsync(spool, 0, 1));
    }

    [Fact]
    public async Task Keeps_records_of_all_sizes()
    {
        await using var spool = Create();
        var random = new Random(1);
        var records = Enumerable.Range(0, 40).Select(i => new byte[i % 10 == 0 ? 100_000 : 1 + i * 7]).ToList();
        records.ForEach(random.NextBytes);

        var append = records.Select(r => spool.AppendAsync(r, Cancellation).AsTask()).ToList();
        await Task.WhenAll(append);

        var number = 0L;
        while (number < records.Count)
        {
            var batch = await spool.ReadAsync(number, 100, Cancellation);
            foreach (var record in batch.Records)
            {
                Assert.Equal(records[(int)number++], record.ToArray());
            }
        }
    }

    [Fact]
    public async Task A_reader_that_follows_sees_every_record_once_in_order()
    {
        await using var spool = Create();
        const int Count = 20_000;

        var appending = Task.Run(async () =>
        {
            for (var i = 0; i < Count; i += 100)
            {
                await Task.WhenAll(Enumerable.Range(i, 100).Select(n => spool.AppendAsync(Text(n), Cancellation).AsTask()));
            }
        });
        var seen = 0;
        while (seen < Count)
        {
            var batch = await spool.ReadAsync(seen, 70, Cancellation);
            Assert.Equal(seen + 1, batch.First);
            Assert.All(batch.Records, record => Assert.Equal($"r{seen++}", Encoding.UTF8.GetString(record.Span)));
            await spool.AcknowledgeAsync(batch.Last, Cancellation);
        }

        await appending;
        Assert.Equal(0, spool.Status.Records);
    }

    [Fact]
    public async Task Disposing_ends_who_waits()
    {
        var spool = Create();
        var stored = await FillAsync(spool);
        var append = spool.AppendAsync(new byte[100_000], Cancellation).AsTask();
        var read = spool.ReadAsync(stored, 1, Cancellation).AsTask();

        await spool.DisposeAsync();
        await spool.DisposeAsync();

        await Assert.ThrowsAsync<ObjectDisposedException>(() => append);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => read);
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await spool.AppendAsync(Text(0), Cancellation));
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await spool.ReadAsync(0, 1, Cancellation));
    }

    /// <summary>The bytes of <c>r{i}</c>.</summary>
    protected static byte[] Text(int i) => Encoding.UTF8.GetBytes($"r{i}");

    /// <summary>Appends <c>r0</c>, <c>r1</c> and so on.</summary>
    protected static Task AppendAsync(ISpool spool, int count) =>
        Task.WhenAll(Enumerable.Range(0, count).Select(i => spool.AppendAsync(Text(i), Cancellation).AsTask()).ToList());

    /// <summary>One read, as text.</summary>
    protected static async Task<List<string>> ReadAsync(ISpool spool, long after, int maxRecords)
    {
        var batch = await spool.ReadAsync(after, maxRecords, Cancellation);
        return [.. batch.Records.Select(r => Encoding.UTF8.GetString(r.Span))];
    }

    /// <summary>Reads until <paramref name="count"/> records are there, as text.</summary>
    protected static async Task<List<string>> ReadAllAsync(ISpool spool, long after, int count)
    {
        var all = new List<string>();
        while (all.Count < count)
        {
            var batch = await spool.ReadAsync(after, count - all.Count, Cancellation);
            all.AddRange(batch.Records.Select(r => Encoding.UTF8.GetString(r.Span)));
            after = batch.Last;
        }

        return all;
    }

    /// <summary>Appends until an append of 50,000 bytes would wait; returns the last number.</summary>
    protected async Task<long> FillAsync(ISpool spool)
    {
        var last = 0L;
        while (spool.Status.Bytes + 50_100 <= Options.CapacityBytes)
        {
            last = await spool.AppendAsync(new byte[50_000], Cancellation);
        }

        return last;
    }
}
