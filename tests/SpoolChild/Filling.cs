using System.Globalization;
using ArtMqtt.Spool;

namespace ArtMqtt.SpoolChild;

/// <summary>
/// Fills a small file system, frees it, goes on, and reads everything back. Exit code 0 when the spool kept its word.
/// </summary>
internal static class Filling
{
    private const int BallastBytes = 1 << 20;

    public static async Task<int> RunAsync(string folder)
    {
        var ballast = Path.Combine(Path.GetDirectoryName(folder)!, "ballast");
        await File.WriteAllBytesAsync(ballast, new byte[BallastBytes]);
        var stored = new SortedDictionary<long, int>();
        var sequence = 0;

        var spool = ChildSpool.Open(folder);
        var failure = await AppendUntilAsync<SpoolFailedException>(spool);
        Check(failure is not null, "the disk never became full");
        Check(spool.Status.Failure is not null, "the status does not show the failure");
        Check(stored.Count > 100, "hardly anything was stored before the disk was full");
        var again = await AppendUntilAsync<SpoolFailedException>(spool);
        Check(again is not null, "appending works on a full disk");

        File.Delete(ballast);
        await WaitUntilAsync(() => spool.Status.Failure is null);
        for (var i = 0; i < 100; i++)
        {
            await AppendAsync(spool);
        }

        Check(spool.Status.Failure is null, "the status still shows the failure");
        await CheckContentsAsync(spool);
        await spool.DisposeAsync();

        spool = ChildSpool.Open(folder);
        await CheckContentsAsync(spool);
        await spool.DisposeAsync();
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{stored.Count} stored, all there; full disk said: {failure!.Message}"));
        return 0;

        async Task AppendAsync(DurableSpool target)
        {
            var record = ChildSpool.Record("w", sequence);
            stored.Add(await target.AppendAsync(record, CancellationToken.None), sequence);
            sequence++;
        }

        async Task<TException?> AppendUntilAsync<TException>(DurableSpool target)
            where TException : Exception
        {
            try
            {
                while (sequence < 1_000_000)
                {
                    await AppendAsync(target);
                }

                return null;
            }
            catch (TException e)
            {
                sequence++;
                return e;
            }
        }

        async Task CheckContentsAsync(DurableSpool target)
        {
            var found = new Dictionary<long, int>();
            for (var after = target.Acknowledged; after < stored.Keys.Last();)
            {
                var batch = await target.ReadAsync(after, 1_000, CancellationToken.None);
                for (var i = 0; i < batch.Records.Count; i++)
                {
                    found.Add(batch.First + i, ChildSpool.Parse(batch.Records[i].Span).Sequence);
                }

                after = batch.Last;
            }

            foreach (var (number, expected) in stored)
            {
                Check(found.TryGetValue(number, out var value) && value == expected, $"record {number} is lost");
            }
        }
    }

    private static async Task WaitUntilAsync(Func<bool> condition)
    {
        while (!condition())
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);
        }
    }

    private static void Check(bool condition, string otherwise)
    {
        if (!condition)
        {
            throw new InvalidOperationException(otherwise);
        }
    }
}
