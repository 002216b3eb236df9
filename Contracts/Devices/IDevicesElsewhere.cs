namespace ArtMqtt.Contracts.Devices;

/// <summary>
/// Which devices are connected to other nodes. Told by each node about its own; there is one only where nodes share a Redis. All of
/// it returns at once.
/// </summary>
public interface IDevicesElsewhere
{
    /// <summary>Whether it is known what all other nodes have; false while Redis is away.</summary>
    bool IsKnown { get; }

    /// <summary>Since when a device is connected to another node, in ms; null when it is not, as far as is known.</summary>
    long? Find(string deviceId);

    /// <summary>Tells the others that a device is connected here, or not any more.</summary>
    /// <param name="deviceId">The device.</param>
    /// <param name="since">Since when, in ms; null when it has left.</param>
    void Report(string deviceId, long? since);

    /// <summary>Begins to tell what changes; once.</summary>
    /// <param name="listener">Who is told, on any thread; must return at once.</param>
    /// <param name="returnTime">How long devices of a node that is missing count as connected.</param>
    void Listen(IDevicesElsewhereListener listener, TimeSpan returnTime);
}

/// <summary>Hears of devices that come to other nodes, and leave them.</summary>
public interface IDevicesElsewhereListener
{
    /// <summary>Another node has the device now, or has it no more.</summary>
    void OnChanged(string deviceId);

    /// <summary>The node that had it is gone, and it came to no other in time: this node, and only this one, says so.</summary>
    void OnAbandoned(string deviceId);

    /// <summary>The others had given this node up, and its devices with it: all that are connected here are told again.</summary>
    void OnGivenUp();
}
