using System.Globalization;
using ArtMqtt.TestKit;
using Microsoft.Extensions.Logging.Abstractions;

namespace ArtMqtt.Spool.Tests;

/// <summary>One process appends, another one reads.</summary>
public sealed class FollowedSpoolTests : IDisposable
{
    private readonly SpoolFolder _folder = new();
    private readonly FaultyDisk _disk = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task What_one_appends_the_other_reads_and_what_it_acknowledged_is_forgotten()
    {
        await using var appending = Append();
        await using var reading = Follow();
        var read = reading.ReadAsync(0, 10, Cancellation).AsTask();
        Assert.False(read.IsCompleted);

        // Many segments of 128 KiB.
        await SpoolFolder.AppendAsync(appending, 1, 40, 20_000);
        Assert.Equal(1, (await read).First);
        Assert.Equal(Expected(1, 40), await SpoolFolder.ReadAllAsync(reading, 40));
        Assert.Equal(40, reading.Status.Records);
        Assert.InRange(reading.Status.Bytes, 800_000, 900_000);
        Assert.Equal(40, appending.Status.Records);

        await reading.AcknowledgeAsync(39, Cancellation);
        await Eventually.TrueAsync(() => appending.Status.Records == 1 && _folder.Segments.Count == 1, Cancellation);
        Assert.Equal(1, reading.Status.Records);

        await SpoolFolder.AppendAsync(appending, 41, 10);
        Assert.Equal(Expected(40, 11), await SpoolFolder.ReadAllAsync(reading, 50));
    }

    [Fact]
    public async Task A_full_spool_takes_more_when_the_other_has_acknowledged()
    {
        await using var appending = Append();
        await using var reading = Follow();
        await SpoolFolder.AppendAsync(appending, 1, 40, 200_000);
        var waiting = SpoolFolder.AppendAsync(appending, 41, 10, 200_000);
        Assert.Equal(Expected(1, 41), await SpoolFolder.ReadAllAsync(reading, 41));
        Assert.False(waiting.IsCompleted);

        await reading.AcknowledgeAsync(30, Cancellation);
        await waiting;
        Assert.Equal(Expected(31, 20), await SpoolFolder.ReadAllAsync(reading, 50));
    }

    [Fact]
    public async Task Either_may_be_away_and_come_back()
    {
        await using (var alone = _folder.Open())
        {
            await SpoolFolder.AppendAsync(alone, 1, 5);
        }

        await using (var reading = Follow())
        {
            Assert.Equal(Expected(1, 5), await SpoolFolder.ReadAllAsync(reading, 5));
            await reading.AcknowledgeAsync(2, Cancellation);
        }

        await using (var appending = Append())
        {
            Assert.Equal(3, appending.Status.Records);
            await SpoolFolder.AppendAsync(appending, 6, 5);
        }

        await using (var reading = Follow())
        {
            Assert.Equal(Expected(3, 8), await SpoolFolder.ReadAllAsync(reading, 10));
            await using var appending = Append();
            await SpoolFolder.AppendAsync(appending, 11, 5);
            Assert.Equal(Expected(3, 13), await SpoolFolder.ReadAllAsync(reading, 15));
            await reading.AcknowledgeAsync(15, Cancellation);
        }

        await using var last = _folder.Open();
        Assert.Equal((15, 0), (last.Acknowledged, last.Status.Records));
        await SpoolFolder.AppendAsync(last, 16, 1);
        Assert.Equal(Expected(16, 1), await SpoolFolder.ReadAllAsync(last, 16));
        Assert.DoesNotContain(_folder.Logger.Entries, e => e.Text.Contains("cannot be read"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_commit_that_failed_is_never_read_though_its_numbers_are_given_again(bool write)
    {
        await using var appending = Append();
        await using var reading = Follow();
        await SpoolFolder.AppendAsync(appending, 1, 5);
        (_disk.FailWrites, _disk.FailFlushes) = (write, !write);
        await Assert.ThrowsAsync<SpoolFailedException>(() => SpoolFolder.AppendAsync(appending, 100, 1));
        Assert.Equal(Expected(1, 5), await SpoolFolder.ReadAllAsync(reading, 5));
        var read = reading.ReadAsync(5, 10, Cancellation).AsTask();

        (_disk.FailWrites, _disk.FailFlushes) = (false, false);
        await SpoolFolder.AppendAsync(appending, 6, 5);
        Assert.Equal(6, (await read).First);
        Assert.Equal(Expected(1, 10), await SpoolFolder.ReadAllAsync(reading, 10));
    }

    [Fact]
    public async Task Each_side_is_one_process_at_a_time()
    {
        await using var appending = Append();
        await using var reading = Follow();

        Assert.Throws<SpoolInUseException>(Follow);
        Assert.Throws<SpoolInUseException>(_folder.Open);
        await Assert.ThrowsAsync<InvalidOperationException>(() => appending.ReadAsync(0, 1, Cancellation).AsTask());
        await Assert.ThrowsAsync<InvalidOperationException>(() => appending.AcknowledgeAsync(0, Cancellation).AsTask());
        await Assert.ThrowsAsync<InvalidOperationException>(() => reading.AppendAsync("r"u8.ToArray(), Cancellation).AsTask());
    }

    private static IEnumerable<(long Number, string Text)> Expected(int first, int count) => Enumerable.Range(first, count)
        .Select(i => ((long)i, string.Create(CultureInfo.InvariantCulture, $"r{i}")));

    private DurableSpool Append() => DurableSpool.Open(_folder.Options, _disk, TimeProvider.System, _folder.Logger, SpoolUse.Append);

    private FollowedSpool Follow() => FollowedSpool.Open(_folder.Options, TimeProvider.System, NullLogger<FollowedSpool>.Instance);
}
