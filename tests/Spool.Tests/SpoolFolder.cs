using System.Text;
using ArtMqtt.TestKit;

namespace ArtMqtt.Spool.Tests;

/// <summary>A spool folder whose files a test damages.</summary>
internal sealed class SpoolFolder : IDisposable
{
    private readonly TestFolder _folder = new();

    public SpoolFolder() => Options = new SpoolOptions { Folder = Path.Combine(_folder.Path, "spool"), CapacityBytes = 8 << 20 };

    public SpoolOptions Options { get; }

    public RecordingLogger Logger { get; } = new();

    /// <summary>The segment files, oldest first.</summary>
    public List<string> Segments => [.. Directory.GetFiles(Options.Folder, "*.spool").Order(StringComparer.Ordinal)];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public DurableSpool Open() => DurableSpool.Open(Options, TimeProvider.System, Logger);

    /// <summary>Appends <c>r{from}</c> … each in a group of its own; returns the length of the newest file after each.</summary>
    public static async Task AppendAsync(ISpool spool, int from, int count, int length = 0)
    {
        for (var i = from; i < from + count; i++)
        {
            await spool.AppendAsync(Encoding.UTF8.GetBytes($"r{i}".PadRight(length, '.')), Cancellation);
        }
    }

    /// <summary>Number and text of everything that can be read now, without the padding.</summary>
    public static async Task<List<(long Number, string Text)>> ReadAllAsync(ISpool spool, long last)
    {
        var all = new List<(long, string)>();
        for (var after = spool.Acknowledged; after < last;)
        {
            var batch = await spool.ReadAsync(after, 7, Cancellation);
            for (var i = 0; i < batch.Records.Count; i++)
            {
                all.Add((batch.First + i, Encoding.UTF8.GetString(batch.Records[i].Span).TrimEnd('.')));
            }

            after = batch.Last;
        }

        return all;
    }

    /// <summary>Where each group of a file begins.</summary>
    public static List<int> Groups(byte[] file)
    {
        var starts = new List<int>();
        for (var offset = file.AsSpan().IndexOf("GRP1"u8); offset < file.Length;)
        {
            starts.Add(offset);
            offset += 32 + BitConverter.ToInt32(file, offset + 4);
        }

        return starts;
    }

    public void Dispose() => _folder.Dispose();
}
