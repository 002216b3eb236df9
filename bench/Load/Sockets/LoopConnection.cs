using System.Net.Sockets;

namespace ArtMqtt.Load.Sockets;

/// <summary>One connection on an <see cref="EpollLoop"/>: bytes in and out; what they mean is the subclass's.</summary>
internal abstract class LoopConnection : IEpollHandler, IDisposable
{
    private const int MaxUnsent = 16 * 1024 * 1024;

    private readonly Socket _socket;
    private readonly int _slot;
    private byte[] _partial = [];
    private int _partialLength;
    private byte[] _unsent = [];
    private int _unsentAt;
    private int _unsentLength;

    /// <summary>Takes over a connected, non-blocking socket.</summary>
    protected LoopConnection(EpollLoop loop, Socket socket)
    {
        Loop = loop;
        _socket = socket;
        _slot = loop.Add(socket, this);
    }

    /// <summary>Why the connection is over; null while it is not.</summary>
    public string? Ended { get; private set; }

    /// <summary>Whether bytes wait because the peer does not take them.</summary>
    public bool IsBlocked => _unsentLength > 0;

    /// <summary>The loop this connection belongs to.</summary>
    protected EpollLoop Loop { get; }

    /// <inheritdoc/>
    public void OnReadable()
    {
        var buffer = Loop.ReceiveBuffer;
        _partial.AsSpan(0, _partialLength).CopyTo(buffer);
        var count = _socket.Receive(buffer.AsSpan(_partialLength), SocketFlags.None, out var error);
        if (error == SocketError.WouldBlock)
        {
            return;
        }

        if (error != SocketError.Success || count == 0)
        {
            End(error == SocketError.Success ? "closed by the server" : $"receive failed: {error}");
            return;
        }

        ReadOnlySpan<byte> all = buffer.AsSpan(0, _partialLength + count);
        try
        {
            var consumed = Consume(all);
            if (Ended is null)
            {
                Keep(all[consumed..]);
                OnBatchRead();
            }
        }
        catch (InvalidDataException e)
        {
            End(e.Message);
        }
    }

    /// <inheritdoc/>
    public void OnWritable()
    {
        var sent = SendNow(_unsent.AsSpan(_unsentAt, _unsentLength));
        _unsentAt += sent;
        _unsentLength -= sent;
        if (_unsentLength == 0 && Ended is null)
        {
            _unsentAt = 0;
            Loop.Watch(_socket, _slot, wantsWrite: false);
            OnBatchRead();
        }
    }

    /// <summary>Sends at once what the socket takes, and the rest when it takes more.</summary>
    public void Send(ReadOnlySpan<byte> bytes)
    {
        if (Ended is not null)
        {
            return;
        }

        if (_unsentLength == 0)
        {
            bytes = bytes[SendNow(bytes)..];
            if (bytes.IsEmpty || Ended is not null)
            {
                return;
            }

            Loop.Watch(_socket, _slot, wantsWrite: true);
        }

        Append(bytes);
    }

    /// <summary>Ends the connection; the first reason stays.</summary>
    public void End(string reason)
    {
        if (Ended is null)
        {
            Ended = reason;
            Loop.Remove(_socket, _slot);
            _socket.Dispose();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        End("closed by us");
        GC.SuppressFinalize(this);
    }

    /// <summary>Handles what is whole; returns how many bytes that was. The rest comes again, with more behind it.</summary>
    /// <exception cref="InvalidDataException">Ends the connection.</exception>
    protected abstract int Consume(ReadOnlySpan<byte> received);

    /// <summary>All that had arrived is handled, or the peer takes bytes again: send the answers.</summary>
    protected abstract void OnBatchRead();

    private int SendNow(ReadOnlySpan<byte> bytes)
    {
        var sent = _socket.Send(bytes, SocketFlags.None, out var error);
        if (error is not (SocketError.Success or SocketError.WouldBlock))
        {
            End($"send failed: {error}");
        }

        return error == SocketError.Success ? sent : 0;
    }

    private void Append(ReadOnlySpan<byte> bytes)
    {
        var end = _unsentAt + _unsentLength;
        if (end + bytes.Length > _unsent.Length)
        {
            if (_unsentLength + bytes.Length > MaxUnsent)
            {
                End("the server takes no bytes");
                return;
            }

            var larger = new byte[Math.Max(4096, 2 * (_unsentLength + bytes.Length))];
            _unsent.AsSpan(_unsentAt, _unsentLength).CopyTo(larger);
            (_unsent, _unsentAt, end) = (larger, 0, _unsentLength);
        }

        bytes.CopyTo(_unsent.AsSpan(end));
        _unsentLength += bytes.Length;
    }

    private void Keep(ReadOnlySpan<byte> rest)
    {
        if (rest.Length == Loop.ReceiveBuffer.Length)
        {
            End("a message is larger than the receive buffer");
            return;
        }

        if (rest.Length > _partial.Length)
        {
            _partial = new byte[Math.Max(256, rest.Length)];
        }

        rest.CopyTo(_partial);
        _partialLength = rest.Length;
    }
}
