using ArtMqtt.Broker.Auth;
using ArtMqtt.Contracts.Devices;

namespace ArtMqtt.Broker.Devices;

/// <summary>What is told about devices, and to them, when they come and go and when their requests change.</summary>
internal sealed class ConnectedDevices(DevicePresence presence, DeviceControl control, DeviceJournal journal, TimeProvider time)
    : IDevicesElsewhereListener
{
    private static readonly ClientOrigin _unknown = new("", "", "", "");

    /// <summary>A client has signed in.</summary>
    public void Entered(ClientIdentity identity, ClientOrigin origin)
    {
        if (identity.DeviceId is { } deviceId)
        {
            control.Update(deviceId);
            presence.Entered(deviceId);
            journal.Add(Event(deviceId, DeviceEventKind.Connected, isOnline: true, "", origin));
        }
    }

    /// <summary>Its connection has ended.</summary>
    /// <param name="identity">Who it was.</param>
    /// <param name="origin">Where it came from.</param>
    /// <param name="reason">How it ended: <c>client</c>, <c>network</c>, or the MQTT reason that we gave.</param>
    /// <param name="isElsewhere">Whether the client is connected to another node now.</param>
    public void Left(ClientIdentity identity, ClientOrigin origin, string reason, bool isElsewhere)
    {
        if (identity.DeviceId is { } deviceId)
        {
            var isOnline = presence.Left(deviceId, isElsewhere);
            journal.Add(Event(deviceId, DeviceEventKind.Disconnected, isOnline, reason, origin));
        }
    }

    /// <summary>A sign-in was refused for what it showed.</summary>
    /// <param name="claimed">The device it claimed to be; perhaps none.</param>
    /// <param name="origin">Where it came from.</param>
    public void Refused(string claimed, ClientOrigin origin) =>
        journal.Add(Event(claimed, DeviceEventKind.Refused, isOnline: false, "credentials", origin));

    /// <summary>Requests may have changed: tells a connected device.</summary>
    public void Update(ClientIdentity identity)
    {
        if (identity.DeviceId is { } deviceId)
        {
            control.Update(deviceId);
            presence.Update(deviceId);
        }
    }

    /// <inheritdoc/>
    public void OnChanged(string deviceId) => presence.Follow(deviceId);

    /// <inheritdoc/>
    public void OnAbandoned(string deviceId)
    {
        if (presence.Abandon(deviceId))
        {
            Miss(deviceId);
        }
    }

    /// <inheritdoc/>
    public void OnGivenUp()
    {
        foreach (var deviceId in presence.TellAgain())
        {
            journal.Add(Event(deviceId, DeviceEventKind.Connected, isOnline: true, "", _unknown));
        }
    }

    /// <summary>Writes down what was held back, and forgets who did not arrive; called about once a second.</summary>
    public void Look()
    {
        journal.Look();
        foreach (var deviceId in presence.ForgetMoved())
        {
            Miss(deviceId);
        }
    }

    /// <summary>Whether it is known which devices are connected to other nodes.</summary>
    public bool IsKnown => presence.IsKnown;

    /// <summary>The time in which devices may come back after a start is over.</summary>
    public void ForgetAbsent()
    {
        foreach (var deviceId in presence.ForgetAbsent())
        {
            Miss(deviceId);
        }
    }

    private void Miss(string deviceId) =>
        journal.Add(Event(deviceId, DeviceEventKind.Disconnected, isOnline: false, "absent", _unknown));

    private DeviceEvent Event(
        string deviceId, DeviceEventKind kind, bool isOnline, string reason, ClientOrigin origin) =>
        new(deviceId, kind, time.GetUtcNow(), isOnline)
        {
            Reason = reason,
            ClientId = origin.ClientId,
            Address = origin.Address,
            Protocol = origin.Protocol,
            Agent = origin.Agent,
        };
}
