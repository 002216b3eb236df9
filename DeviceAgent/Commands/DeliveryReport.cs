using System.Text.Json;
using ArtMqtt.DeviceAgent.Publishing;
using ArtMqtt.DeviceAgent.Sources;

namespace ArtMqtt.DeviceAgent.Commands;

/// <summary>What people and programs are told about publishers: a line every few seconds, and the end.</summary>
internal sealed class DeliveryReport(
    IReadOnlyList<PositionPublisher> publishers, SourceCounts? source, TimeProvider time, TextWriter output, TextWriter log)
{
    private static readonly TimeSpan _interval = TimeSpan.FromSeconds(5);

    /// <summary>Prints a line now and then, until it is cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(_interval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(cancellationToken))
            {
                await log.WriteLineAsync(Line());
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The end is printed by whoever ends it.
        }
    }

    /// <summary>Waits for what is not acknowledged, then prints the end.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> EndAsync(TimeSpan drain, bool asJson)
    {
        var drained = await Task.WhenAll(publishers.Select(p => p.DrainAsync(drain)));
        if (asJson)
        {
            var totals = new DeliveryTotals(
                Published: Sum(c => c.Kept),
                Acknowledged: Sum(c => c.Acknowledged),
                Refused: Sum(c => c.Refused),
                Waiting: publishers.Sum(p => p.Waiting),
                Dropped: Sum(c => c.Dropped),
                Sent: Sum(c => c.Sent),
                Connects: Sum(c => c.Connects),
                Source: source);
            await output.WriteLineAsync(JsonSerializer.Serialize(totals, AgentJson.Default.DeliveryTotals));
        }
        else
        {
            await log.WriteLineAsync(Line());
        }

        return drained.All(d => d) ? ExitCode.Done : ExitCode.NotDelivered;
    }

    private string Line() =>
        $"{Sum(c => c.Kept)} positions, {Sum(c => c.Acknowledged)} acknowledged, "
        + $"{publishers.Sum(p => p.Waiting)} waiting, {Sum(c => c.Refused)} refused"
        + (Sum(c => c.Dropped) is > 0 and var dropped ? $", {dropped} given up" : "")
        + (source is null ? "" : $"; left out: {LeftOut(source)}");

    private static string LeftOut(SourceCounts c) =>
        $"{c.VoidRmc + c.VoidGga + c.NoFix} void, {c.WithoutTime} without time, {c.Invalid} invalid, "
        + $"{c.ChecksumWrong} with a wrong checksum";

    private long Sum(Func<PublisherCounts, long> count) => publishers.Sum(p => count(p.Counts));
}

/// <summary>The end, for programs.</summary>
internal sealed record DeliveryTotals(
    long Published, long Acknowledged, long Refused, long Waiting, long Dropped, long Sent, long Connects, SourceCounts? Source);
