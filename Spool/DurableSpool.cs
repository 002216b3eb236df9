using ArtMqtt.Spool.Commit;
using ArtMqtt.Spool.Segments;
using Microsoft.Extensions.Logging;

namespace ArtMqtt.Spool;

/// <summary>A spool on disk: an appended record survives a killed process and a power cut.</summary>
/// <remarks>
/// Segment files with checksums, one flush per group of records (docs/adr/0001). One process at a time holds a folder; with
/// <see cref="SpoolUse.Append"/> another one may read it (<see cref="FollowedSpool"/>).
/// Reading is file I/O on the caller's thread, nearly always from the system's cache.
/// </remarks>
public sealed partial class DurableSpool : ISpool
{
    private readonly SpoolOptions _options;
    private readonly ILogger _logger;
    private static readonly TimeSpan _look = TimeSpan.FromMilliseconds(200);

    // Who begins to read looks for the end of what is there, while nobody appends.
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(5);

    private readonly IReadOnlyList<FolderLock> _folder;
    private readonly SpoolMetrics _metrics;
    private readonly SegmentLog _log;
    private readonly SegmentReader _reader;
    private readonly GroupCommitter _committer;
    private readonly CancellationTokenSource _disposed = new();
    private readonly ITimer? _looking;
    private volatile string? _failure;
    private int _reading;
    private int _disposeCalls;

    private DurableSpool(
        SpoolOptions options, IReadOnlyList<FolderLock> folder, IDisk disk, TimeProvider time, ILogger logger)
    {
        _options = options;
        _folder = folder;
        _logger = logger;
        _metrics = new SpoolMetrics(() => Status);
        _log = new SegmentLog(options.Folder, options.SegmentBytes, disk, _metrics, logger, isFollowed: folder.Count == 1);
        _reader = new SegmentReader(_log, _metrics, logger);
        _committer = new GroupCommitter(_log, options.CapacityBytes, _metrics, time, HealthChanged);
        _looking = folder.Count == 1 ? time.CreateTimer(_ => TakeAcknowledged(), null, _look, _look) : null;
    }

    /// <inheritdoc/>
    public long Acknowledged => _log.Acknowledged;

    /// <inheritdoc/>
    public SpoolStatus Status =>
        _log is null ? default : new(_log.WaitingRecords, _log.WaitingBytes, _options.CapacityBytes, _failure);

    /// <summary>Opens the folder, creating it when missing, and finds the end of what is there.</summary>
    /// <exception cref="IOException">Another process has the folder open, or it cannot be read.</exception>
    public static DurableSpool Open(
        SpoolOptions options, TimeProvider time, ILogger<DurableSpool> logger, SpoolUse use = SpoolUse.Both) =>
        Open(options, new Disk(), time, logger, use);

    /// <inheritdoc/>
    public ValueTask<long> AppendAsync(ReadOnlyMemory<byte> record, CancellationToken cancellationToken)
    {
        _options.CheckRecord(record);
        return _committer.AppendAsync(record.Span, cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask<SpoolBatch> ReadAsync(long after, int maxRecords, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(after);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxRecords, 1);
        ObjectDisposedException.ThrowIf(_disposeCalls > 0, this);
        ThrowIfFollowed();
        if (Interlocked.Exchange(ref _reading, 1) != 0)
        {
            throw new InvalidOperationException("A spool has one reader, and it is still reading.");
        }

        try
        {
            while (true)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var appended = _log.Appended;
                after = Math.Max(after, _log.Acknowledged);
                var batch = _reader.Read(after, maxRecords);
                if (batch.Records.Count > 0)
                {
                    return batch;
                }

                // Nothing but damage: go on behind it.
                after = Math.Max(after, batch.First - 1);
                await WaitAsync(appended, cancellationToken);
            }
        }
        finally
        {
            Volatile.Write(ref _reading, 0);
        }
    }

    /// <inheritdoc/>
    public ValueTask AcknowledgeAsync(long through, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_disposeCalls > 0, this);
        ThrowIfFollowed();
        cancellationToken.ThrowIfCancellationRequested();
        _log.Acknowledge(through);
        _committer.AdmitWaiting();
        return ValueTask.CompletedTask;
    }

    /// <summary>Commits what was appended, refuses what still waits for room, and closes the folder.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposeCalls, 1) != 0)
        {
            return;
        }

        if (_looking is not null)
        {
            await _looking.DisposeAsync();
        }

        await _committer.StopAsync();
        await _disposed.CancelAsync();
        _log.Dispose();
        _reader.Dispose();
        _metrics.Dispose();
        Release(_folder);
        _disposed.Dispose();
    }

    /// <summary>Opens on a given disk.</summary>
    internal static DurableSpool Open(
        SpoolOptions options, IDisk disk, TimeProvider time, ILogger logger, SpoolUse use = SpoolUse.Both)
    {
        options.Validate();
        CreateFolder(options.Folder, disk);
        var folder = new List<FolderLock>();
        try
        {
            folder.Add(FolderLock.Take(options.Folder, FolderLock.Writer, use == SpoolUse.Append ? _patience : default));
            if (use == SpoolUse.Both)
            {
                folder.Add(FolderLock.Take(options.Folder, FolderLock.Reader));
            }

            return new DurableSpool(options, folder, disk, time, logger);
        }
        catch
        {
            Release(folder);
            throw;
        }
    }

    internal static void CreateFolder(string path, IDisk disk)
    {
        if (Directory.Exists(path))
        {
            return;
        }

        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
        }
        else
        {
            // A spool tells where people were.
            Directory.CreateDirectory(
                path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        disk.FlushFolder(Path.GetDirectoryName(Path.GetFullPath(path)) ?? path);
    }

    private static void Release(IEnumerable<FolderLock> folder)
    {
        foreach (var side in folder)
        {
            side.Dispose();
        }
    }

    private void ThrowIfFollowed()
    {
        if (_looking is not null)
        {
            throw new InvalidOperationException("Another process reads this spool.");
        }
    }

    private void TakeAcknowledged()
    {
        _log.TakeAcknowledged();
        _committer.AdmitWaiting();
    }

    private async Task WaitAsync(Task appended, CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _disposed.Token);
        try
        {
            await appended.WaitAsync(either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new ObjectDisposedException(nameof(DurableSpool));
        }
    }

    private void HealthChanged(Exception? failure)
    {
        _failure = failure?.Message;
        if (failure is null)
        {
            LogHealed(_options.Folder);
        }
        else
        {
            LogFailed(failure, _options.Folder);
        }
    }

    [LoggerMessage(LogLevel.Error,
        "Spool {Folder} cannot store records; nothing is acknowledged until it can. Will try again every second")]
    private partial void LogFailed(Exception exception, string folder);

    [LoggerMessage(LogLevel.Information, "Spool {Folder} stores records again")]
    private partial void LogHealed(string folder);
}
