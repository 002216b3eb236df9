using ArtMqtt.Contracts.Positions;
using ArtMqtt.DeviceAgent.Publishing;
using ArtMqtt.Spool;
using ArtMqtt.TestKit;
using Microsoft.Extensions.Logging.Abstractions;

namespace ArtMqtt.DeviceAgent.Tests.Running;

/// <summary>What a restart would find in the folder of an agent, which may hold it.</summary>
internal static class SpoolCopy
{
    /// <summary>Fix times of what is not acknowledged, in order.</summary>
    public static async Task<List<DateTimeOffset>> ReadAsync(string folder)
    {
        using var copy = new TestFolder();
        foreach (var path in Directory.GetFiles(folder).Where(path => Path.GetFileName(path) is not ("lock" or "reader.lock" or "agent.sock")))
        {
            File.Copy(path, Path.Combine(copy.Path, Path.GetFileName(path)));
        }

        await using var spool = DurableSpool.Open(
            new SpoolOptions { Folder = copy.Path }, TimeProvider.System, NullLogger<DurableSpool>.Instance);
        var (times, after) = (new List<DateTimeOffset>(), spool.Acknowledged);
        var last = after + spool.Status.Records;
        while (after < last)
        {
            var batch = await spool.ReadAsync(after, 1000, TestContext.Current.CancellationToken);
            foreach (var record in batch.Records)
            {
                var positions = new List<Position>();
                Assert.True(SpooledPublish.TryDecode(record.Span, out var publish));
                Assert.True(PositionCodec.TryDecode(publish.Payload, null, 1, positions, out _));
                times.Add(positions[0].FixTime);
            }

            after = batch.Last;
        }

        return times;
    }
}
