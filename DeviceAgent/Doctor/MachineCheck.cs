using System.Globalization;
using ArtMqtt.DeviceAgent.Clocks;
using ArtMqtt.DeviceAgent.Publishing;
using ArtMqtt.DeviceAgent.Status;

namespace ArtMqtt.DeviceAgent.Doctor;

/// <summary>Looks at what is in the vehicle besides the receiver: clock, disk, credentials.</summary>
internal sealed class MachineCheck(PublisherOptions options, string spool, TimeProvider time)
{
    private const long EnoughBytes = 64 << 20;

    private static readonly TimeSpan _soon = TimeSpan.FromDays(14);

    /// <summary>Looks.</summary>
    public async IAsyncEnumerable<Finding> RunAsync(
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        yield return Clock();
        yield return await DiskAsync(cancellationToken);
        yield return Credentials();
    }

    private Finding Clock()
    {
        var machine = new Machine();
        var now = time.GetUtcNow().ToString("u", CultureInfo.InvariantCulture);
        return machine.IsSynchronized
            ? new Finding(Grade.Ok, "clock", $"{now}, kept right by the system.")
            : new BootClock(machine, time).IsSet
                ? new Finding(
                    Grade.Warning, "clock", $"{now}, and nothing keeps it right.",
                    "Turn on time synchronisation: timedatectl set-ntp true.")
                : new Finding(
                    Grade.Failure, "clock", $"{now} is not believed.",
                    "Turn on time synchronisation (timedatectl set-ntp true). Positions of receivers without a date wait for it.");
    }

    private async Task<Finding> DiskAsync(CancellationToken cancellationToken)
    {
        await foreach (var status in StatusReader.ReadAsync(spool, cancellationToken))
        {
            return new Finding(
                status is { IsDurable: true, SpoolFailure: null } ? Grade.Ok : Grade.Failure, "spool",
                $"An agent runs there: {status.Waiting} positions wait. {status.SpoolFailure}", "DeviceAgent status says more.");
        }

        var probe = Path.Combine(spool, "doctor");
        try
        {
            Directory.CreateDirectory(spool);
            await File.WriteAllBytesAsync(probe, new byte[4096], cancellationToken);
            File.Delete(probe);
            var free = new DriveInfo(spool).AvailableFreeSpace;
            var text = string.Create(CultureInfo.InvariantCulture, $"{spool} can be written, {free >> 20:N0} MiB are free.");
            return free >= EnoughBytes
                ? new Finding(Grade.Ok, "spool", text)
                : new Finding(Grade.Warning, "spool", text, "Make room: a full disk makes positions wait in the receiver.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new Finding(
                Grade.Failure, "spool", $"{spool} cannot be written: {e.Message}",
                "Check its owner, and whether the disk is full or was mounted read-only after an error (dmesg).");
        }
    }

    private Finding Credentials()
    {
        var credentials = options.Credentials;
        var (kind, ends) = credentials switch
        {
            { TokenFile: not null } => ("A token", credentials.ExpiryOf(credentials.ReadPassword())),
            { CertificateFile: not null } => ("A certificate", EndOfCertificate(credentials)),
            _ => ("A secret", null),
        };
        if (ends is not { } end)
        {
            return new Finding(Grade.Ok, "credentials", $"{kind}, without an end.");
        }

        var left = end - time.GetUtcNow();
        var until = $"{kind}, until {end.ToString("u", CultureInfo.InvariantCulture)}.";
        return left <= TimeSpan.Zero
            ? new Finding(Grade.Failure, "credentials", until, "It is over: put a new one into the file; the agent notices by itself.")
            : left < _soon && credentials.CertificateFile is not null
                ? new Finding(Grade.Warning, "credentials", until, "Put a new one into the file soon; the agent notices with its next connection.")
                : new Finding(Grade.Ok, "credentials", until);
    }

    private static DateTimeOffset? EndOfCertificate(DeviceCredentials credentials)
    {
        using var certificate = credentials.ReadCertificate();
        return certificate?.NotAfter.ToUniversalTime();
    }
}
