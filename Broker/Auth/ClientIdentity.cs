namespace ArtMqtt.Broker.Auth;

/// <summary>What a client is.</summary>
internal enum ClientKind
{
    /// <summary>A vehicle or an operator's phone.</summary>
    Device,

    /// <summary>Who waits for one request.</summary>
    Customer,

    /// <summary>Who assigns and may watch everything.</summary>
    Dispatcher,

    /// <summary>Somebody, in the conformance profile: may publish and subscribe to everything.</summary>
    Anyone,
}

/// <summary>Who an authenticated client is.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="DeviceId">The device, for devices.</param>
/// <param name="RequestId">The request, for customers.</param>
internal sealed record ClientIdentity(ClientKind Kind, string? DeviceId, Guid? RequestId)
{
    /// <summary>The one identity of all dispatchers.</summary>
    public static ClientIdentity Dispatcher { get; } = new(ClientKind.Dispatcher, null, null);

    /// <summary>
    /// Names the identity in one text. Client ids count within it only, so nobody can take over the session of
    /// somebody else by using their client id.
    /// </summary>
    public string Scope { get; } = Kind switch
    {
        ClientKind.Device => $"device:{DeviceId}",
        ClientKind.Customer => $"customer:{RequestId:N}",
        ClientKind.Dispatcher => "dispatcher",
        _ => "anyone",
    };

    /// <summary>The one identity of all clients in the conformance profile.</summary>
    public static ClientIdentity Anyone { get; } = new(ClientKind.Anyone, null, null);

    /// <summary>The identity of a device.</summary>
    public static ClientIdentity Device(string deviceId) => new(ClientKind.Device, deviceId, null);

    /// <summary>The identity of the customer of a request.</summary>
    public static ClientIdentity Customer(Guid requestId) => new(ClientKind.Customer, null, requestId);
}
