using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Options;

namespace ArtMqtt.Broker.Auth;

/// <summary>
/// Decides whether an address may try to sign in, after it failed too often. It saves work and log lines; secrets need
/// no such protection, nobody guesses 256 bits. So a success forgives: a whole fleet may come from one address.
/// </summary>
internal sealed class SignInThrottle(IOptions<SignInThrottleOptions> options, TimeProvider time)
{
    private static readonly TimeSpan _window = TimeSpan.FromMinutes(1);
    private readonly SignInThrottleOptions _options = options.Value;
    private readonly Lock _lock = new();
    private readonly Dictionary<UInt128, LinkedListNode<Record>> _byAddress = [];

    // Whose last failure is longest ago stands first.
    private readonly LinkedList<Record> _byAge = [];

    /// <summary>Addresses that are remembered.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _byAddress.Count;
            }
        }
    }

    /// <summary>Whether a sign-in from the address is looked at.</summary>
    public bool MayTry(IPAddress address)
    {
        if (_options.MaxFailuresPerMinute == 0)
        {
            return true;
        }

        lock (_lock)
        {
            return !_byAddress.TryGetValue(KeyOf(address), out var node)
                || node.Value.RefusedSince is not { } since
                || time.GetElapsedTime(since) >= _options.RefuseFor;
        }
    }

    /// <summary>A sign-in from the address was refused.</summary>
    public void Failed(IPAddress address)
    {
        if (_options.MaxFailuresPerMinute == 0)
        {
            return;
        }

        var key = KeyOf(address);
        var now = time.GetTimestamp();
        lock (_lock)
        {
            if (_byAddress.TryGetValue(key, out var node))
            {
                _byAge.Remove(node);
            }
            else
            {
                MakeRoom();
                node = new LinkedListNode<Record>(new Record(key) { WindowSince = now });
                _byAddress.Add(key, node);
            }

            _byAge.AddLast(node);
            Add(node.Value, now);
        }
    }

    /// <summary>Somebody at the address signed in: it starts again with nothing against it.</summary>
    public void Succeeded(IPAddress address)
    {
        lock (_lock)
        {
            if (_byAddress.Remove(KeyOf(address), out var node))
            {
                _byAge.Remove(node);
            }
        }
    }

    private void Add(Record record, long now)
    {
        var isOver = record.RefusedSince is { } since && time.GetElapsedTime(since, now) >= _options.RefuseFor;
        if (isOver || time.GetElapsedTime(record.WindowSince, now) >= _window)
        {
            record.WindowSince = now;
            record.Failures = 0;
            record.RefusedSince = isOver ? null : record.RefusedSince;
        }

        record.Failures++;
        if (record.Failures >= _options.MaxFailuresPerMinute)
        {
            record.RefusedSince ??= now;
        }
    }

    private void MakeRoom()
    {
        if (_byAddress.Count >= _options.MaxAddresses)
        {
            _byAddress.Remove(_byAge.First!.Value.Key);
            _byAge.RemoveFirst();
        }
    }

    // Who has one IPv6 address has the whole /64.
    private static UInt128 KeyOf(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6 || address.AddressFamily == AddressFamily.InterNetwork)
        {
            Span<byte> four = stackalloc byte[4];
            address.MapToIPv4().TryWriteBytes(four, out _);
            return (UInt128)System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(four);
        }

        Span<byte> sixteen = stackalloc byte[16];
        address.TryWriteBytes(sixteen, out _);
        return System.Buffers.Binary.BinaryPrimitives.ReadUInt128BigEndian(sixteen) >> 64 << 64;
    }

    private sealed class Record(UInt128 key)
    {
        public UInt128 Key => key;

        public int Failures { get; set; }

        public long WindowSince { get; set; }

        public long? RefusedSince { get; set; }
    }
}
