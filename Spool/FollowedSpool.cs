using ArtMqtt.Spool.Segments;
using Microsoft.Extensions.Logging;

namespace ArtMqtt.Spool;

/// <summary>The reading side of a <see cref="DurableSpool"/> that another process appends to, or has appended to.</summary>
/// <remarks>
/// Nobody has to be there at the same time: what the other process had promised is read when it is gone, and it forgets what was
/// acknowledged when it is there. It is looked for new records each 20 ms, in one read of a file that is in memory.
/// </remarks>
public sealed partial class FollowedSpool : ISpool
{
    private static readonly TimeSpan _look = TimeSpan.FromMilliseconds(20);

    private readonly SpoolOptions _options;
    private readonly FolderLock _folder;
    private readonly TimeProvider _time;
    private readonly SpoolMetrics _metrics;
    private readonly FollowedSegments _segments;
    private readonly SegmentReader _reader;
    private readonly CancellationTokenSource _disposed = new();

    private FollowedSpool(SpoolOptions options, FolderLock folder, TimeProvider time, ILogger logger)
    {
        (_options, _folder, _time) = (options, folder, time);
        _metrics = new SpoolMetrics(() => Status);
        _segments = new FollowedSegments(options.Folder);
        _reader = new SegmentReader(_segments, _metrics, logger);
        LogFollowing(logger, options.Folder, _segments.Acknowledged);
    }

    /// <inheritdoc/>
    public long Acknowledged => _segments.Acknowledged;

    /// <inheritdoc/>
    public SpoolStatus Status
    {
        get
        {
            var (records, bytes) = _segments is null || _disposed.IsCancellationRequested ? default : _segments.Waiting;
            return new(records, bytes, _options.CapacityBytes, null);
        }
    }

    /// <summary>Opens the folder, creating it when missing.</summary>
    /// <exception cref="IOException">Another process reads it.</exception>
    public static FollowedSpool Open(SpoolOptions options, TimeProvider time, ILogger<FollowedSpool> logger)
    {
        options.Validate();
        var disk = new Disk();
        DurableSpool.CreateFolder(options.Folder, disk);
        var folder = FolderLock.Take(options.Folder, FolderLock.Reader);
        try
        {
            FindEnd(options, disk, logger);
            return new FollowedSpool(options, folder, time, logger);
        }
        catch
        {
            folder.Dispose();
            throw;
        }
    }

    /// <summary>Another process appends.</summary>
    public ValueTask<long> AppendAsync(ReadOnlyMemory<byte> record, CancellationToken cancellationToken) =>
        throw new InvalidOperationException("This process only reads the spool.");

    /// <inheritdoc/>
    public async ValueTask<SpoolBatch> ReadAsync(long after, int maxRecords, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(after);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxRecords, 1);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _disposed.Token);
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            ObjectDisposedException.ThrowIf(_disposed.IsCancellationRequested, this);
            after = Math.Max(after, _segments.Acknowledged);
            var batch = _reader.Read(after, maxRecords);
            if (batch.Records.Count > 0)
            {
                return batch;
            }

            // Nothing but damage: go on behind it.
            after = Math.Max(after, batch.First - 1);
            await Task.Delay(_look, _time, either.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <inheritdoc/>
    public ValueTask AcknowledgeAsync(long through, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        _segments.Acknowledge(through);
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_disposed.IsCancellationRequested)
        {
            return;
        }

        await _disposed.CancelAsync();
        _reader.Dispose();
        _metrics.Dispose();
        _segments.Dispose();
        _folder.Dispose();
    }

    // While nobody appends, the end that was told last may be from before a power cut, or by a process that did both and told nobody.
    private static void FindEnd(SpoolOptions options, Disk disk, ILogger logger)
    {
        try
        {
            using var writer = FolderLock.Take(options.Folder, FolderLock.Writer);
            using var metrics = new SpoolMetrics(() => default);
            using var log = new SegmentLog(options.Folder, options.SegmentBytes, disk, metrics, logger, isFollowed: true);
        }
        catch (SpoolInUseException)
        {
            // Who appends tells it.
        }
    }

    [LoggerMessage(LogLevel.Information, "Reading the spool {Folder} of another process behind number {Acknowledged}")]
    private static partial void LogFollowing(ILogger logger, string folder, long acknowledged);
}
