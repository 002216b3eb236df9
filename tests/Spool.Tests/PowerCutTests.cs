using System.Collections.Concurrent;
using ArtMqtt.SpoolChild;

namespace ArtMqtt.Spool.Tests;

public sealed class PowerCutTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_power_cut_at_any_moment_loses_nothing_that_was_promised()
    {
        for (var seed = 0; seed < 40; seed++)
        {
            using var running = new SpoolFolder();
            using var after = new SpoolFolder();
            var random = new Random(seed);
            var disk = new PowerCutDisk();
            var promised = new ConcurrentDictionary<long, string>();
            using var stop = new CancellationTokenSource();

            await using var spool = DurableSpool.Open(running.Options, disk, TimeProvider.System, running.Logger);
            var appending = Task.WhenAll(Enumerable.Range(0, 8)
                .Select(writer => Task.Run(() => AppendAsync(spool, $"w{writer}", promised, stop.Token))));
            var target = random.Next(1, 1_500);
            while (promised.Count < target)
            {
                await Task.Yield();
            }

            // What is promised now must be there after a cut now: the cut comes second.
            var due = promised.ToArray();
            Directory.CreateDirectory(after.Options.Folder);
            disk.Cut(after.Options.Folder, random);
            await stop.CancelAsync();
            await appending;

            await using var reopened = after.Open();
            var found = await ReadAsync(reopened);
            Assert.All(due, d => Assert.Equal(d.Value, found.GetValueOrDefault(d.Key)));
            Assert.DoesNotContain(after.Logger.Entries, e => e.Text.Contains("cannot be read"));
        }
    }

    private static async Task AppendAsync(
        DurableSpool spool, string writer, ConcurrentDictionary<long, string> promised, CancellationToken stop)
    {
        for (var sequence = 0; !stop.IsCancellationRequested; sequence++)
        {
            var number = await spool.AppendAsync(ChildSpool.Record(writer, sequence), Cancellation);
            promised[number] = $"{writer}:{sequence}";
        }
    }

    private static async Task<Dictionary<long, string>> ReadAsync(DurableSpool spool)
    {
        var found = new Dictionary<long, string>();
        for (var left = spool.Status.Records; left > 0;)
        {
            var batch = await spool.ReadAsync(found.Count, 1_000, Cancellation);
            for (var i = 0; i < batch.Records.Count; i++)
            {
                var (writer, sequence) = ChildSpool.Parse(batch.Records[i].Span);
                found.Add(batch.First + i, $"{writer}:{sequence}");
            }

            left -= batch.Records.Count;
        }

        return found;
    }
}
