namespace ArtMqtt.SpoolChild;

/// <summary>Appends from several tasks until it is killed; prints each number after its append completed.</summary>
internal static class Appending
{
    private const int Writers = 16;

    public static async Task<int> RunAsync(string folder)
    {
        await using var spool = ChildSpool.Open(folder);
        var run = Guid.NewGuid().ToString("N");
        await using var output = Console.OpenStandardOutput();
        var gate = new Lock();

        void Print(string line)
        {
            var bytes = System.Text.Encoding.ASCII.GetBytes(line + "\n");
            lock (gate)
            {
                output.Write(bytes);
                output.Flush();
            }
        }

        async Task WriteAsync(string writer)
        {
            for (var sequence = 0; ; sequence++)
            {
                var record = ChildSpool.Record(writer, sequence);
                var number = await spool.AppendAsync(record, CancellationToken.None);
                Print($"{number} {writer} {sequence}");
            }
        }

        await Task.WhenAll(Enumerable.Range(0, Writers).Select(w => WriteAsync($"{run}-{w}")));
        return 0;
    }
}
