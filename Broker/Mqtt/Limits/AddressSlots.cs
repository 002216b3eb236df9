using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace ArtMqtt.Broker.Mqtt.Limits;

/// <summary>Counts connections by address and refuses those above the limit. IPv6 counts by network (/64).</summary>
/// <param name="limit">Most connections of one address at a time.</param>
internal sealed class AddressSlots(int limit)
{
    private const int NetworkBytes = 8;

    private readonly ConcurrentDictionary<IPAddress, int> _taken = [];

    /// <summary>Addresses with a connection.</summary>
    public int Count => _taken.Count;

    /// <summary>Takes a slot; give it back with <see cref="Release"/>.</summary>
    public bool TryTake(EndPoint? remote)
    {
        if (NetworkOf(remote) is not { } network)
        {
            return true;
        }

        if (_taken.AddOrUpdate(network, 1, (_, taken) => taken + 1) <= limit)
        {
            return true;
        }

        Release(remote);
        return false;
    }

    /// <summary>Gives a slot back.</summary>
    public void Release(EndPoint? remote)
    {
        if (NetworkOf(remote) is { } network && _taken.AddOrUpdate(network, 0, (_, taken) => taken - 1) <= 0)
        {
            _taken.TryRemove(KeyValuePair.Create(network, 0));
        }
    }

    private static IPAddress? NetworkOf(EndPoint? remote)
    {
        if (remote is not IPEndPoint { Address: var address })
        {
            return null;
        }

        if (address.IsIPv4MappedToIPv6)
        {
            return address.MapToIPv4();
        }

        if (address.AddressFamily != AddressFamily.InterNetworkV6 || IPAddress.IsLoopback(address))
        {
            return address;
        }

        var bytes = address.GetAddressBytes();
        bytes.AsSpan(NetworkBytes).Clear();
        return new IPAddress(bytes);
    }
}
