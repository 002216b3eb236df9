using System.Text.Json;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ArtMqtt.Live;

/// <summary>
/// Carries the streams over a restart: written when everything has stopped, taken and removed before anything starts, so
/// that cursors stay good. After a crash there is no such file, and every stream begins a new epoch: what the last
/// watchers were told is not known then.
/// </summary>
internal sealed partial class StreamPositionsFile(
    MemoryLiveStreams streams, IOptions<LiveOptions> options, ILogger<StreamPositionsFile> logger) : IHostedLifecycleService
{
    // A file that a power cut brought back is of another boot.
    private const string BootIdPath = "/proc/sys/kernel/random/boot_id";

    // A list that is null is as damaged as half a file.
    private static readonly JsonSerializerOptions _json = new()
    {
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
    };

    private readonly string? _path = options.Value.PositionsFile is { Length: > 0 } path ? Path.GetFullPath(path) : null;

    /// <inheritdoc/>
    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        if (_path is null || !File.Exists(_path))
        {
            return;
        }

        try
        {
            var kept = JsonSerializer.Deserialize<Kept>(await File.ReadAllBytesAsync(_path, cancellationToken), _json);
            File.Delete(_path);
            if (kept is not null && kept.Boot == ReadBootId())
            {
                streams.Resume(kept.Streams);
                LogResumed(kept.Streams.Length);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            LogNotResumed(e, _path);
        }
    }

    /// <inheritdoc/>
    public async Task StoppedAsync(CancellationToken cancellationToken)
    {
        if (_path is null || ReadBootId() is not { } boot)
        {
            return;
        }

        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(_path)!);
            var temporary = _path + ".new";
            File.Delete(temporary);
            await using (var file = new FileStream(temporary, new FileStreamOptions
            {
                Mode = FileMode.CreateNew,
                Access = FileAccess.Write,
                Options = FileOptions.Asynchronous,
                UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
            }))
            {
                await JsonSerializer.SerializeAsync(
                    file, new Kept(boot, [.. streams.Positions]), _json, cancellationToken);
            }

            File.Move(temporary, _path, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            LogNotKept(e, _path);
        }
    }

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private static string? ReadBootId() => File.Exists(BootIdPath) ? File.ReadAllText(BootIdPath).Trim() : null;

    [LoggerMessage(LogLevel.Information, "{Count} live streams go on where they were")]
    private partial void LogResumed(int count);

    [LoggerMessage(LogLevel.Warning, "The live streams begin anew: {Path} cannot be used")]
    private partial void LogNotResumed(Exception exception, string path);

    [LoggerMessage(LogLevel.Warning, "The live streams will begin anew: {Path} could not be written")]
    private partial void LogNotKept(Exception exception, string path);

    private sealed record Kept(string Boot, StreamPosition[] Streams);
}
