using System.IO.Pipelines;

namespace ArtMqtt.WebGateway.Exports;

/// <summary>
/// A stream into the response's pipe, for writers that know no pipes: counts its position, keeps what is written until
/// <see cref="FlushIfLargeAsync"/> or an asynchronous write sends it.
/// </summary>
internal sealed class ExportStream(PipeWriter output) : Stream
{
    private const int FlushAbove = 32 * 1024;
    private long _written;
    private long _flushed;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => _written;
        set => throw new NotSupportedException();
    }

    /// <summary>Sends what is kept when it is worth it, and waits while the reader is behind.</summary>
    public ValueTask FlushIfLargeAsync(CancellationToken cancellationToken) =>
        _written - _flushed >= FlushAbove ? new(FlushAsync(cancellationToken)) : default;

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        System.Buffers.BuffersExtensions.Write(output, buffer);
        _written += buffer.Length;
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        Write(buffer.Span);
        return FlushIfLargeAsync(cancellationToken);
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <summary>Nothing: a synchronous flush could not wait for the reader without holding a thread.</summary>
    public override void Flush()
    {
    }

    public override async Task FlushAsync(CancellationToken cancellationToken)
    {
        _flushed = _written;
        await output.FlushAsync(cancellationToken);
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
