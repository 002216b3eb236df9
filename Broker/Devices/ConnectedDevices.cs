using ArtMqtt.Broker.Auth;

namespace ArtMqtt.Broker.Devices;

/// <summary>What is told about devices, and to them, when they come and go and when their requests change.</summary>
internal sealed class ConnectedDevices(DevicePresence presence, DeviceControl control)
{
    /// <summary>A client has signed in.</summary>
    public void Entered(ClientIdentity identity)
    {
        if (identity.DeviceId is { } deviceId)
        {
            control.Update(deviceId);
            presence.Entered(deviceId);
        }
    }

    /// <summary>Its connection has ended.</summary>
    public void Left(ClientIdentity identity)
    {
        if (identity.DeviceId is { } deviceId)
        {
            presence.Left(deviceId);
        }
    }

    /// <summary>Requests may have changed: tells a connected device.</summary>
    public void Update(ClientIdentity identity)
    {
        if (identity.DeviceId is { } deviceId)
        {
            control.Update(deviceId);
            presence.Update(deviceId);
        }
    }

    /// <summary>The time in which devices may come back after a start is over.</summary>
    public void ForgetAbsent() => presence.ForgetAbsent();
}
