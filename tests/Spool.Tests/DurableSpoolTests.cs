using ArtMqtt.TestKit;
using Microsoft.Extensions.Logging.Abstractions;

namespace ArtMqtt.Spool.Tests;

public sealed class DurableSpoolTests : SpoolContract, IDisposable
{
    private readonly TestFolder _folder = new();

    public DurableSpoolTests() => Options.Folder = Path.Combine(_folder.Path, "spool");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Reads_again_after_reopening_what_was_not_acknowledged()
    {
        await using (var spool = Create())
        {
            await AppendAsync(spool, 1_000);
            await spool.AcknowledgeAsync(400, Cancellation);
        }

        await using var reopened = Create();

        Assert.Equal(400, reopened.Acknowledged);
        Assert.Equal(600, reopened.Status.Records);
        Assert.Equal(
            Enumerable.Range(400, 600).Select(i => $"r{i}"), await ReadAllAsync(reopened, reopened.Acknowledged, 600));
        Assert.Equal(1_001, await reopened.AppendAsync(Text(1_000), Cancellation));
    }

    [Fact]
    public async Task Carries_the_numbers_on_when_everything_was_acknowledged()
    {
        for (var run = 0; run < 5; run++)
        {
            await using var spool = Create();
            Assert.Equal(run * 100, spool.Acknowledged);
            await AppendAsync(spool, 100);
            await spool.AcknowledgeAsync((run + 1) * 100, Cancellation);
        }
    }

    [Fact]
    public async Task Deletes_what_is_acknowledged()
    {
        await using var spool = Create();

        for (var i = 0; i < 200; i++)
        {
            var number = await spool.AppendAsync(new byte[50_000], Cancellation);
            await spool.AcknowledgeAsync(number, Cancellation);
        }

        Assert.InRange(Directory.GetFiles(Options.Folder, "*.spool").Length, 1, 2);
    }

    [Fact]
    public async Task Opening_and_closing_leaves_no_segments_behind()
    {
        for (var i = 0; i < 10; i++)
        {
            await using var spool = Create();
        }

        Assert.Empty(Directory.GetFiles(Options.Folder, "*.spool"));
    }

    [Fact]
    public async Task Only_the_owner_may_read_the_files()
    {
        await using var spool = Create();
        await AppendAsync(spool, 1);

        var files = Directory.GetFiles(Options.Folder).Where(f => !f.EndsWith("lock", StringComparison.Ordinal));
        Assert.All(files, f => Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(f)));
        Assert.Equal(
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute,
            File.GetUnixFileMode(Options.Folder));
    }

    protected override ISpool Create() =>
        DurableSpool.Open(Options, TimeProvider.System, NullLogger<DurableSpool>.Instance);
}
