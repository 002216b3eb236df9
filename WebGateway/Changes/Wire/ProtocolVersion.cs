namespace ArtMqtt.WebGateway.Changes.Wire;

/// <summary>How messages are written, as the client asks with <c>vsn</c>.</summary>
internal enum ProtocolVersion
{
    /// <summary>1.0.0: each message is an object.</summary>
    Objects,

    /// <summary>2.0.0: each message is an array; broadcasts are binary.</summary>
    Arrays,
}
