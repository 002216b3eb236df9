using System.Globalization;
using ArtMqtt.Contracts.Positions;
using ArtMqtt.DeviceAgent.Sources;

namespace ArtMqtt.DeviceAgent.Doctor;

/// <summary>Waits for a fix of the receiver.</summary>
internal sealed class ReceiverCheck(IFixSource source, string address, TimeSpan patience, TimeProvider time)
{
    private static readonly TimeSpan _clocksAgree = TimeSpan.FromMinutes(5);

    /// <summary>Looks.</summary>
    public async IAsyncEnumerable<Finding> RunAsync(
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (await FindAsync(cancellationToken) is not { } fix)
        {
            yield return Missing();
            yield break;
        }

        yield return new Finding(Grade.Ok, "receiver", string.Create(
            CultureInfo.InvariantCulture,
            $"{address}: {fix.Latitude:F5}, {fix.Longitude:F5}, {source.Counts.SatellitesUsed} of {source.Counts.SatellitesInView} satellites."));
        var apart = fix.FixTime - time.GetUtcNow();
        if (apart.Duration() > _clocksAgree)
        {
            yield return new Finding(
                Grade.Warning, "receiver's time", $"It says {fix.FixTime:u}, the machine says {time.GetUtcNow():u}.",
                "One of them is wrong. Positions carry the receiver's time; the server shows none that is more than 5 minutes ahead.");
        }
    }

    private async Task<Position?> FindAsync(CancellationToken cancellationToken)
    {
        using var window = new CancellationTokenSource(patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, window.Token);
        try
        {
            await foreach (var fix in source.ReadAsync(either.Token))
            {
                return fix;
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // Nothing came in time.
        }

        return null;
    }

    private Finding Missing()
    {
        var counts = source.Counts;
        var seconds = patience.TotalSeconds.ToString("F0", CultureInfo.InvariantCulture);
        return counts switch
        {
            { Read: 0 } => new Finding(
                Grade.Failure, "receiver", $"{address} told nothing within {seconds} s.",
                "Is it plugged in, and does --source name it? gpsd: systemctl status gpsd. Serial port: the user must be in the group dialout."),
            { ChecksumWrong: > 0 } when counts.ChecksumWrong * 2 > counts.Read => new Finding(
                Grade.Failure, "receiver", $"Most of what {address} sends is garbled.",
                "The speed of the port is wrong (serial:PORT@BAUD), or two programs read it."),
            { ChecksumMissing: > 0 } when counts.Fixes == 0 && counts.ChecksumMissing * 2 > counts.Read => new Finding(
                Grade.Failure, "receiver", $"{address} sends sentences without checksums.",
                "--allow-missing-checksum believes them."),
            _ => new Finding(
                Grade.Failure, "receiver",
                $"{address} sends, and has no fix: {counts.SatellitesInView} satellites in view, {counts.SatellitesUsed} used.",
                "The antenna must see the sky; a cold start takes minutes. Try again, with --wait 120."),
        };
    }
}
