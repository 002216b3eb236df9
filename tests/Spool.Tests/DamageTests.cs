using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;

namespace ArtMqtt.Spool.Tests;

/// <summary>What crashes and bad disks leave behind.</summary>
public sealed class DamageTests : IDisposable
{
    private readonly SpoolFolder _folder = new();
    private readonly MeterListener _listener = new();
    private long _damaged;

    public DamageTests()
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Name == "artmqtt.spool.damaged")
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((_, value, _, _) => Interlocked.Add(ref _damaged, value));
        _listener.Start();
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _listener.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_torn_end_at_any_offset_costs_only_what_was_torn(bool garbage)
    {
        await using (var spool = _folder.Open())
        {
            await SpoolFolder.AppendAsync(spool, 1, 4);
        }

        var path = Assert.Single(_folder.Segments);
        var whole = await File.ReadAllBytesAsync(path, Cancellation);
        var groups = SpoolFolder.Groups(whole);
        Assert.Equal(4, groups.Count);
        var random = new Random(1);
        for (var cut = 0; cut <= whole.Length; cut++)
        {
            var file = whole[..cut];
            if (garbage)
            {
                var noise = new byte[whole.Length - cut];
                random.NextBytes(noise);
                file = [.. file, .. noise];
            }

            _folder.Segments.ForEach(File.Delete);
            File.Delete(path + ".damaged");
            await File.WriteAllBytesAsync(path, file, Cancellation);
            var intact = cut < 32 ? 0 : groups.Count(g => g + 32 + BitConverter.ToInt32(whole, g + 4) <= cut);

            await using (var spool = _folder.Open())
            {
                Assert.Equal(intact, spool.Status.Records);
                await SpoolFolder.AppendAsync(spool, intact + 1, 2);
                AssertNumbered(intact + 2, await SpoolFolder.ReadAllAsync(spool, intact + 2));
            }

            await using (var spool = _folder.Open())
            {
                AssertNumbered(intact + 2, await SpoolFolder.ReadAllAsync(spool, intact + 2));
            }
        }

        Assert.Equal(0, _damaged);
    }

    [Fact]
    public async Task A_torn_end_is_logged()
    {
        await using (var spool = _folder.Open())
        {
            await SpoolFolder.AppendAsync(spool, 1, 4);
        }

        await ChangeAsync(_folder.Segments[0], file => file[..^1]);
        await using var reopened = _folder.Open();

        Assert.Contains(_folder.Logger.Entries, e => e.Level == LogLevel.Warning && e.Text.Contains("incomplete group"));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(5)]
    [InlineData(10)]
    [InlineData(17)]
    [InlineData(25)]
    [InlineData(30)]
    [InlineData(33)]
    [InlineData(37)]
    public async Task A_damaged_group_in_the_newest_segment_is_reported_and_the_rest_is_read(int at)
    {
        await using (var spool = _folder.Open())
        {
            await SpoolFolder.AppendAsync(spool, 1, 10);
        }

        await FlipAsync(_folder.Segments[0], group: 4, at);
        await using var reopened = _folder.Open();
        var read = await SpoolFolder.ReadAllAsync(reopened, 10);

        AssertReported(5, 5);
        Assert.Equal(Enumerable.Range(1, 10).Where(i => i != 5).Select(i => ((long)i, $"r{i}")), read);
    }

    [Fact]
    public async Task Damage_at_the_end_of_an_older_segment_is_reported_and_the_next_is_read()
    {
        await using (var spool = _folder.Open())
        {
            await SpoolFolder.AppendAsync(spool, 1, 300, length: 1_000);
        }

        var older = _folder.Segments[0];
        var next = int.Parse(Path.GetFileNameWithoutExtension(_folder.Segments[1]));
        await ChangeAsync(older, file => file[..^1_500]);
        await using var reopened = _folder.Open();
        var read = await SpoolFolder.ReadAllAsync(reopened, 300);

        AssertReported(next - 2, next - 1);
        Assert.Equal(298, read.Count);
        Assert.All(read, r => Assert.Equal($"r{r.Number}", r.Text));
    }

    [Fact]
    public async Task A_segment_without_its_header_is_reported_and_the_next_is_read()
    {
        await using (var spool = _folder.Open())
        {
            await SpoolFolder.AppendAsync(spool, 1, 300, length: 1_000);
        }

        var next = int.Parse(Path.GetFileNameWithoutExtension(_folder.Segments[1]));
        var after = int.Parse(Path.GetFileNameWithoutExtension(_folder.Segments[2]));
        await ChangeAsync(_folder.Segments[1], file => [.. new byte[32], .. file[32..]]);
        await using var reopened = _folder.Open();
        var read = await SpoolFolder.ReadAllAsync(reopened, 300);

        AssertReported(next, after - 1);
        Assert.Equal(300 - (after - next), read.Count);
    }

    [Fact]
    public async Task A_segment_that_is_gone_is_reported()
    {
        await using (var spool = _folder.Open())
        {
            await SpoolFolder.AppendAsync(spool, 1, 300, length: 1_000);
        }

        var next = int.Parse(Path.GetFileNameWithoutExtension(_folder.Segments[1]));
        var after = int.Parse(Path.GetFileNameWithoutExtension(_folder.Segments[2]));
        File.Delete(_folder.Segments[1]);
        await using var reopened = _folder.Open();
        await SpoolFolder.ReadAllAsync(reopened, 300);

        AssertReported(next, after - 1);
    }

    [Fact]
    public async Task Damage_while_the_spool_is_open_is_reported_and_later_records_are_read()
    {
        await using var spool = _folder.Open();
        await SpoolFolder.AppendAsync(spool, 1, 5);
        await FlipAsync(_folder.Segments[0], group: 4, at: 36, trimmed: false);
        Assert.Equal(4, (await SpoolFolder.ReadAllAsync(spool, 4)).Count);

        var reading = spool.ReadAsync(4, 10, Cancellation).AsTask();
        await SpoolFolder.AppendAsync(spool, 6, 1);

        Assert.Equal(6, (await reading).First);
        AssertReported(5, 5);
    }

    [Fact]
    public async Task Already_acknowledged_damage_is_nobodys_business()
    {
        await using (var spool = _folder.Open())
        {
            await SpoolFolder.AppendAsync(spool, 1, 10);
            await spool.AcknowledgeAsync(7, Cancellation);
        }

        await FlipAsync(_folder.Segments[0], group: 4, at: 35);
        await using var reopened = _folder.Open();

        Assert.Equal([8L, 9, 10], (await SpoolFolder.ReadAllAsync(reopened, 10)).Select(r => r.Number));
        Assert.Empty(_folder.Logger.Entries);
        Assert.Equal(0, _damaged);
    }

    [Fact]
    public async Task A_record_that_looks_like_a_group_is_never_taken_for_one()
    {
        byte[] stored;
        await using (var spool = _folder.Open())
        {
            await SpoolFolder.AppendAsync(spool, 1, 9);
            stored = await File.ReadAllBytesAsync(_folder.Segments[0], Cancellation);
        }

        using var victim = new SpoolFolder();
        await using (var spool = victim.Open())
        {
            await SpoolFolder.AppendAsync(spool, 1, 1);
            var forged = stored.AsMemory(SpoolFolder.Groups(stored[..(stored.AsSpan().LastIndexOf("r9"u8) + 2)])[5]);
            await spool.AppendAsync(forged[..400], Cancellation);
            await SpoolFolder.AppendAsync(spool, 3, 1);
        }

        await FlipAsync(victim.Segments[0], group: 1, at: 0);
        await using var reopened = victim.Open();

        Assert.Equal([(1, "r1"), (3, "r3")], await SpoolFolder.ReadAllAsync(reopened, 3));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(5)]
    [InlineData(12)]
    public async Task Without_its_acknowledged_number_everything_still_there_is_read_again(int kept)
    {
        await using (var spool = _folder.Open())
        {
            await SpoolFolder.AppendAsync(spool, 1, 5);
            await spool.AcknowledgeAsync(3, Cancellation);
        }

        await ChangeAsync(
            Path.Combine(_folder.Options.Folder, "acknowledged"), file => [.. file[..kept].Select(b => (byte)~b)]);
        await using var reopened = _folder.Open();

        AssertNumbered(5, await SpoolFolder.ReadAllAsync(reopened, 5));
    }

    private static void AssertNumbered(int count, List<(long Number, string Text)> records) =>
        Assert.Equal(Enumerable.Range(1, count).Select(i => ((long)i, $"r{i}")), records);

    private void AssertReported(long from, long through)
    {
        Assert.Equal(through - from + 1, _damaged);
        Assert.Contains(_folder.Logger.Entries, e => e.Level == LogLevel.Error
            && e.Text.Contains($"the records {from} to {through} were stored and cannot be read"));
    }

    private static async Task ChangeAsync(string path, Func<byte[], byte[]> change) =>
        await File.WriteAllBytesAsync(path, change(await File.ReadAllBytesAsync(path, Cancellation)), Cancellation);

    private static async Task FlipAsync(string path, int group, int at, bool trimmed = true)
    {
        var file = await File.ReadAllBytesAsync(path, Cancellation);
        var used = trimmed ? file : file[..(file.AsSpan().LastIndexOfAnyExcept((byte)0) + 1)];
        var offset = SpoolFolder.Groups(used)[group] + at;
        // In place: the spool may have the file open.
        await using var stream = new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
        stream.Position = offset;
        stream.WriteByte((byte)~file[offset]);
    }
}
