using System.Buffers.Binary;
using System.ComponentModel;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace ArtMqtt.Load.Sockets;

/// <summary>Waits for many sockets on one thread (Linux epoll, level triggered). Not thread-safe: one loop, one thread.</summary>
internal sealed unsafe class EpollLoop : IDisposable
{
    private const int MaxEvents = 1024;

    // struct epoll_event is packed on x86-64 only.
    private static readonly int _dataOffset = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 4 : 8;
    private static readonly int _eventSize = _dataOffset + 8;

    private readonly int _epoll;
    private readonly List<IEpollHandler?> _handlers = [];
    private readonly byte[] _events = new byte[MaxEvents * _eventSize];

    /// <summary>Opens the loop; Linux only.</summary>
    public EpollLoop()
    {
        if (!OperatingSystem.IsLinux())
        {
            throw new PlatformNotSupportedException("The load generator uses epoll; run it on Linux.");
        }

        _epoll = Libc.EpollCreate(0);
        ThrowIfFailed(_epoll);
    }

    /// <summary>Where every socket of this loop receives into; content is valid only while it is being handled.</summary>
    public byte[] ReceiveBuffer { get; } = new byte[256 * 1024];

    /// <summary>Where a handler builds what it sends next; valid only until it returns.</summary>
    public byte[] Scratch { get; } = new byte[256 * 1024];

    /// <summary>Starts to watch a socket; the returned slot names it in the other calls.</summary>
    public int Add(Socket socket, IEpollHandler handler)
    {
        _handlers.Add(handler);
        var slot = _handlers.Count - 1;
        Control(Libc.EpollAdd, socket, slot, wantsWrite: false);
        return slot;
    }

    /// <summary>Whether to be told when the socket takes more.</summary>
    public void Watch(Socket socket, int slot, bool wantsWrite) => Control(Libc.EpollModify, socket, slot, wantsWrite);

    /// <summary>Forgets a socket, before it is closed.</summary>
    public void Remove(Socket socket, int slot)
    {
        Control(Libc.EpollDelete, socket, slot, wantsWrite: false);
        _handlers[slot] = null;
    }

    /// <summary>Handles what is ready; waits up to <paramref name="timeoutMs"/> milliseconds for the first.</summary>
    public void Poll(int timeoutMs)
    {
        fixed (byte* events = _events)
        {
            var ready = Libc.EpollWait(_epoll, events, MaxEvents, timeoutMs);
            if (ready < 0 && Marshal.GetLastPInvokeError() == Libc.Interrupted)
            {
                return;
            }

            ThrowIfFailed(ready);
            for (var i = 0; i < ready; i++)
            {
                var one = _events.AsSpan(i * _eventSize, _eventSize);
                var flags = BinaryPrimitives.ReadUInt32LittleEndian(one);
                var slot = (int)BinaryPrimitives.ReadUInt64LittleEndian(one[_dataOffset..]);
                if ((flags & Libc.Writable) != 0)
                {
                    _handlers[slot]?.OnWritable();
                }

                // Anything else (error, hang-up) shows itself when the socket is read.
                if ((flags & ~Libc.Writable) != 0)
                {
                    _handlers[slot]?.OnReadable();
                }
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _ = Libc.Close(_epoll);

    private static void ThrowIfFailed(int result)
    {
        if (result < 0)
        {
            throw new Win32Exception(Marshal.GetLastPInvokeError());
        }
    }

    private void Control(int operation, Socket socket, int slot, bool wantsWrite)
    {
        var change = stackalloc byte[16];
        var flags = Libc.Readable | (wantsWrite ? Libc.Writable : 0);
        BinaryPrimitives.WriteUInt32LittleEndian(new Span<byte>(change, 16), flags);
        BinaryPrimitives.WriteUInt64LittleEndian(new Span<byte>(change + _dataOffset, 8), (ulong)slot);
        ThrowIfFailed(Libc.EpollControl(_epoll, operation, (int)socket.Handle, change));
    }
}
