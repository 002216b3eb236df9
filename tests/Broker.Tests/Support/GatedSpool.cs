using ArtMqtt.Contracts.Devices;
using ArtMqtt.Contracts.Positions;
using ArtMqtt.Spool;

namespace ArtMqtt.Broker.Tests.Support;

/// <summary>A real in-memory spool whose appends can be held back or made to fail.</summary>
internal sealed class GatedSpool : ISpool
{
    private readonly MemorySpool _inner = new(new SpoolOptions());
    private readonly List<ReadOnlyMemory<byte>> _appended = [];
    private readonly SemaphoreSlim _gate = new(0);
    private readonly List<DeviceEvent> _events = [];
    private int _waiting;

    /// <summary>Whether appends wait for <see cref="Release"/>.</summary>
    public bool IsClosed { get; set; }

    /// <summary>Whether appends fail, as on a full disk.</summary>
    public bool IsFailing { get; set; }

    /// <summary>Appends that wait.</summary>
    public int Waiting => Volatile.Read(ref _waiting);

    /// <summary>Most appends of one client that ever waited.</summary>
    public int MostWaiting { get; private set; }

    public long Acknowledged => _inner.Acknowledged;

    public SpoolStatus Status => _inner.Status;

    /// <summary>What was appended: publishes that were accepted.</summary>
    public IReadOnlyList<ReceivedPositions> Received => [.. Decode().Select(d => d.Received).OfType<ReceivedPositions>()];

    /// <summary>What was appended: dead letters.</summary>
    public IReadOnlyList<RejectedPayload> Letters => [.. Decode().Select(d => d.Rejected).OfType<RejectedPayload>()];

    /// <summary>What was appended: events of devices; they pass at all times.</summary>
    public IReadOnlyList<DeviceEvent> Events
    {
        get
        {
            lock (_appended)
            {
                return [.. _events];
            }
        }
    }

    /// <summary>Lets this many waiting appends through, oldest first.</summary>
    public void Release(int count) => _gate.Release(count);

    public async ValueTask<long> AppendAsync(ReadOnlyMemory<byte> record, CancellationToken cancellationToken)
    {
        if (SpoolRecord.ReadEvent(record.Span) is { } happened)
        {
            lock (_appended)
            {
                _events.Add(happened);
            }

            return await _inner.AppendAsync(record, cancellationToken);
        }

        if (IsFailing)
        {
            throw new SpoolFailedException("The disk is full.", new IOException("No space left on device."));
        }

        if (IsClosed)
        {
            MostWaiting = Math.Max(MostWaiting, Interlocked.Increment(ref _waiting));
            try
            {
                await _gate.WaitAsync(cancellationToken);
            }
            finally
            {
                Interlocked.Decrement(ref _waiting);
            }
        }

        var number = await _inner.AppendAsync(record, cancellationToken);
        lock (_appended)
        {
            _appended.Add(record.ToArray());
        }

        return number;
    }

    public ValueTask<SpoolBatch> ReadAsync(long after, int maxRecords, CancellationToken cancellationToken) =>
        _inner.ReadAsync(after, maxRecords, cancellationToken);

    public ValueTask AcknowledgeAsync(long through, CancellationToken cancellationToken) =>
        _inner.AcknowledgeAsync(through, cancellationToken);

    public ValueTask DisposeAsync()
    {
        _gate.Dispose();
        return _inner.DisposeAsync();
    }

    private List<(ReceivedPositions? Received, RejectedPayload? Rejected)> Decode()
    {
        lock (_appended)
        {
            return _appended.ConvertAll(record =>
            {
                Assert.True(SpoolRecord.TryDecode(record.Span, out var received, out var rejected));
                return (received, rejected);
            });
        }
    }
}
