using System.Diagnostics;
using ArtMqtt.SpoolChild;
using ArtMqtt.TestKit;

namespace ArtMqtt.Spool.Tests;

/// <summary>Real processes: killed, competing, out of space.</summary>
public sealed class ProcessTests : IDisposable
{
    private static readonly string _child = Path.Combine(AppContext.BaseDirectory, "ArtMqtt.SpoolChild.dll");

    private readonly TestFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_killed_process_loses_nothing_it_was_promised()
    {
        var folder = Path.Combine(_folder.Path, "spool");
        var promised = new SortedDictionary<long, string>();
        var random = new Random();
        for (var kill = 0; kill < 5; kill++)
        {
            var target = promised.Count + random.Next(200, 2_000);
            using var process = Process.Start(
                new ProcessStartInfo("dotnet", [_child, "append", folder]) { RedirectStandardOutput = true })!;
            while (await process.StandardOutput.ReadLineAsync(Cancellation) is { } line)
            {
                Note(line, promised);
                if (promised.Count == target)
                {
                    process.Kill();
                }
            }

            await process.WaitForExitAsync(Cancellation);
            Assert.Equal(137, process.ExitCode);
            await CheckAsync(folder, promised);
        }
    }

    [Fact]
    public async Task A_second_process_is_told_that_the_folder_is_in_use()
    {
        var folder = Path.Combine(_folder.Path, "spool");
        await using (ChildSpool.Open(folder))
        {
            var refused = await RunAsync(new ProcessStartInfo("dotnet", [_child, "open", folder]));
            Assert.Equal(1, refused.ExitCode);
            Assert.Contains($"The spool folder '{folder}' is in use by another process", refused.Output);
        }

        var opened = await RunAsync(new ProcessStartInfo("dotnet", [_child, "open", folder]));
        Assert.Equal("opened", opened.Output.Trim());
    }

    [Fact]
    public async Task A_full_disk_acknowledges_nothing_loses_nothing_and_heals()
    {
        // A file system of its own, seen by this one process alone; unprivileged users need a user namespace for it.
        var privilege = Environment.IsPrivilegedProcess ? "-m" : "-rm";
        var probe = await RunAsync(new ProcessStartInfo("unshare", [privilege, "mount", "-t", "tmpfs", "t", _folder.Path]));
        Assert.SkipWhen(probe.ExitCode != 0, $"cannot mount a small file system here: {probe.Error.Trim()}");

        const string Script = """mount -t tmpfs -o size=4m artmqtt-test "$1" && exec dotnet "$0" fill "$1/spool" """;
        var result = await RunAsync(new ProcessStartInfo("unshare", [privilege, "sh", "-c", Script, _child, _folder.Path]));

        Assert.True(result.ExitCode == 0, result.Output + result.Error);
        Assert.Contains("No space left on device", result.Output);
        TestContext.Current.SendDiagnosticMessage(result.Output);
    }

    private static void Note(string line, SortedDictionary<long, string> promised)
    {
        var parts = line.Split(' ');
        // The last line may be cut off by the kill; a whole one has three words and was written in one call.
        if (parts is [var number, var writer, var sequence])
        {
            promised.Add(long.Parse(number), $"{writer}:{sequence}");
        }
    }

    private static async Task CheckAsync(string folder, SortedDictionary<long, string> promised)
    {
        await using var spool = ChildSpool.Open(folder);
        var last = promised.Keys.Last();
        Assert.True(spool.Status.Records >= last);
        var previous = new Dictionary<string, int>();
        for (var after = 0L; after < spool.Status.Records;)
        {
            var batch = await spool.ReadAsync(after, 1_000, Cancellation);
            Assert.Equal(after + 1, batch.First);
            for (var i = 0; i < batch.Records.Count; i++)
            {
                var (writer, sequence) = ChildSpool.Parse(batch.Records[i].Span);
                Assert.Equal(previous.GetValueOrDefault(writer, -1) + 1, sequence);
                previous[writer] = sequence;
                if (promised.TryGetValue(batch.First + i, out var expected))
                {
                    Assert.Equal(expected, $"{writer}:{sequence}");
                }
            }

            after = batch.Last;
        }
    }

    private static Task<ProcessResult> RunAsync(ProcessStartInfo start) =>
        ProcessRunner.RunAsync(start, TimeSpan.FromMinutes(2));
}
