using ArtMqtt.Spool.Commit;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Time.Testing;

namespace ArtMqtt.Spool.Tests;

/// <summary>A disk that refuses.</summary>
public sealed class FailureTests : IDisposable
{
    private readonly SpoolFolder _folder = new();
    private readonly FaultyDisk _disk = new();
    private readonly FakeTimeProvider _time = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_record_that_is_not_durable_is_not_acknowledged_and_the_next_one_heals(bool write)
    {
        await using (var spool = Open())
        {
            await SpoolFolder.AppendAsync(spool, 1, 5);
            Break(write, true);

            await Assert.ThrowsAsync<SpoolFailedException>(() => SpoolFolder.AppendAsync(spool, 100, 1));
            Assert.NotNull(spool.Status.Failure);
            await Assert.ThrowsAsync<SpoolFailedException>(() => SpoolFolder.AppendAsync(spool, 101, 1));
            Assert.Equal(5, spool.Status.Records);

            Break(write, false);
            await SpoolFolder.AppendAsync(spool, 6, 5);
            Assert.Null(spool.Status.Failure);
            Assert.Equal(10, (await SpoolFolder.ReadAllAsync(spool, 10)).Count);
            Assert.False(_disk.FlushedAgainAfterFailure);
        }

        await using var reopened = _folder.Open();
        Assert.Equal(
            Enumerable.Range(1, 10).Select(i => ((long)i, $"r{i}")), await SpoolFolder.ReadAllAsync(reopened, 10));
        Assert.DoesNotContain(_folder.Logger.Entries, e => e.Text.Contains("cannot be read"));
    }

    [Fact]
    public async Task Heals_by_itself_when_nobody_appends()
    {
        await using var spool = Open();
        Break(write: true, true);
        await Assert.ThrowsAsync<SpoolFailedException>(() => SpoolFolder.AppendAsync(spool, 1, 1));
        var check = new SpoolHealthCheck(spool);
        Assert.Equal(HealthStatus.Unhealthy, (await check.CheckHealthAsync(new(), Cancellation)).Status);

        var created = _disk.Created;
        _time.Advance(GroupCommitter.ProbePeriod);
        await EventuallyAsync(() => _disk.Created > created);
        Assert.NotNull(spool.Status.Failure);

        Break(write: true, false);
        await EventuallyAsync(() =>
        {
            _time.Advance(GroupCommitter.ProbePeriod);
            return spool.Status.Failure is null;
        });

        Assert.Equal(HealthStatus.Healthy, (await check.CheckHealthAsync(new(), Cancellation)).Status);
        await SpoolFolder.AppendAsync(spool, 1, 1);
    }

    [Fact]
    public async Task Says_once_that_it_failed_and_not_for_every_record()
    {
        await using var spool = Open();
        Break(write: false, true);

        for (var i = 0; i < 10; i++)
        {
            await Assert.ThrowsAsync<SpoolFailedException>(() => SpoolFolder.AppendAsync(spool, 1, 1));
        }

        Assert.Single(_folder.Logger.Entries, e => e.Text.Contains("cannot store records"));
    }

    [Fact]
    public async Task What_the_failed_commit_left_in_its_file_does_not_hide_what_came_after()
    {
        await using (var spool = Open())
        {
            await SpoolFolder.AppendAsync(spool, 1, 3);
        }

        // The first file as a failed commit leaves it when it cannot be trimmed: with an intact group that nobody was
        // promised, and whose number the next segment gave to another record.
        var first = _folder.Segments[0];
        var withFailed = await File.ReadAllBytesAsync(first, Cancellation);
        await File.WriteAllBytesAsync(first, withFailed[..SpoolFolder.Groups(withFailed)[2]], Cancellation);
        await using (var spool = Open())
        {
            await SpoolFolder.AppendAsync(spool, 33, 1);
        }

        await File.WriteAllBytesAsync(first, withFailed, Cancellation);
        await using var reopened = _folder.Open();

        Assert.Equal([(1, "r1"), (2, "r2"), (3, "r33")], await SpoolFolder.ReadAllAsync(reopened, 3));
    }

    private DurableSpool Open() => DurableSpool.Open(_folder.Options, _disk, _time, _folder.Logger);

    private void Break(bool write, bool broken)
    {
        if (write)
        {
            _disk.FailWrites = broken;
        }
        else
        {
            _disk.FailFlushes = broken;
        }
    }

    private static async Task EventuallyAsync(Func<bool> condition)
    {
        while (!condition())
        {
            Cancellation.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }
}
