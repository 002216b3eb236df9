using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Cryptography;

namespace ArtMqtt.Node.Commands;

/// <summary>What an export came to.</summary>
/// <param name="File">Where it is; <c>-</c> for the standard output.</param>
/// <param name="Format">Its format.</param>
/// <param name="Positions">How many positions there were when it began.</param>
/// <param name="Bytes">Its length.</param>
/// <param name="Sha256">Of its bytes, in hex.</param>
/// <param name="Seconds">How long it took.</param>
/// <param name="Attempts">How often it was begun.</param>
internal sealed record RouteExportSummary(
    string File, string Format, long Positions, long Bytes, string Sha256, double Seconds, int Attempts);

/// <summary>
/// Takes one export of a node into a file. It is written beside its place and moved there when it is whole: what broke off is
/// begun anew, and never looks like a file.
/// </summary>
internal sealed class RouteExport(NodeApi api, string path, string format, string? output, bool force, TimeProvider time)
{
    /// <summary>Instead of a file name.</summary>
    public const string StandardOutput = "-";

    private const string CountHeader = "X-Position-Count";

    /// <summary>The path of an export, with its query.</summary>
    public static string PathOf(
        IReadOnlyList<string> devices, Guid? request, DateTimeOffset? from, DateTimeOffset? to, string format, int? maxGapSeconds)
    {
        var query = new List<string> { $"format={format}" };
        Add("from", from?.UtcDateTime.ToString("O", CultureInfo.InvariantCulture));
        Add("to", to?.UtcDateTime.ToString("O", CultureInfo.InvariantCulture));
        Add("maxGapSeconds", maxGapSeconds?.ToString(CultureInfo.InvariantCulture));
        if (request is { } id)
        {
            return $"api/requests/{id}/export?{string.Join('&', query)}";
        }

        if (devices.Count == 1)
        {
            return $"api/devices/{Uri.EscapeDataString(devices[0])}/export?{string.Join('&', query)}";
        }

        foreach (var device in devices)
        {
            Add("device", device);
        }

        return $"api/positions/export?{string.Join('&', query)}";

        void Add(string name, string? value)
        {
            if (value is not null)
            {
                query.Add($"{name}={Uri.EscapeDataString(value)}");
            }
        }
    }

    /// <summary>Does it.</summary>
    /// <param name="retries">How often it may begin anew.</param>
    /// <param name="cancellationToken">Ends it; nothing is left behind.</param>
    /// <exception cref="CommandException">It could not be done.</exception>
    public async Task<RouteExportSummary> RunAsync(int retries, CancellationToken cancellationToken)
    {
        RefuseIfThere(output);
        var started = time.GetTimestamp();
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await TryAsync(started, attempt, cancellationToken);
            }
            catch (Exception e) when (e is HttpRequestException or HttpIOException or TaskCanceledException
                && !cancellationToken.IsCancellationRequested)
            {
                // What went to the standard output cannot be taken back.
                if (attempt > retries || output == StandardOutput)
                {
                    throw new CommandException($"The export failed: {e.Message} Nothing was saved; {attempt} attempts.");
                }

                await Console.Error.WriteLineAsync($"The transfer broke off: {e.Message} It begins anew.");
                await Task.Delay(TimeSpan.FromSeconds(Math.Min(30, 1 << attempt)), time, cancellationToken);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw new CommandException($"The file cannot be written: {e.Message}");
            }
        }
    }

    private async Task<RouteExportSummary> TryAsync(long started, int attempt, CancellationToken cancellationToken)
    {
        using var answer = await api.OpenAsync(path, cancellationToken);
        var file = output ?? NameOf(answer.Content.Headers.ContentDisposition);
        RefuseIfThere(file);
        var positions = answer.Headers.TryGetValues(CountHeader, out var values)
            && long.TryParse(values.Single(), CultureInfo.InvariantCulture, out var count) ? count : 0;
        using var progress = new ExportProgress(format, positions, time);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var bytes = 0L;
        var part = $"{file}.{Environment.ProcessId}.part";
        try
        {
            await using (var target = file == StandardOutput ? Console.OpenStandardOutput() : File.Create(part))
            await using (var source = await answer.Content.ReadAsStreamAsync(cancellationToken))
            {
                var buffer = new byte[128 * 1024];
                for (int read; (read = await source.ReadAsync(buffer, cancellationToken)) > 0;)
                {
                    await target.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
                    hash.AppendData(buffer.AsSpan(0, read));
                    bytes += read;
                    progress.Add(buffer.AsSpan(0, read));
                }
            }

            if (file != StandardOutput)
            {
                File.Move(part, file, force);
            }
        }
        finally
        {
            File.Delete(part);
        }

        return new RouteExportSummary(
            file, format, positions, bytes, Convert.ToHexStringLower(hash.GetHashAndReset()),
            Math.Round(time.GetElapsedTime(started).TotalSeconds, 3), attempt);
    }

    private void RefuseIfThere(string? file)
    {
        if (file is not null and not StandardOutput && !force && File.Exists(file))
        {
            throw new CommandException($"{file} is there already. Give --force to replace it, or another --output.");
        }
    }

    // What a server calls a file leads nowhere but here.
    private static string NameOf(ContentDispositionHeaderValue? disposition) =>
        Path.GetFileName(disposition?.FileName?.Trim('"')) is { Length: > 0 } name ? name : "routes";
}
