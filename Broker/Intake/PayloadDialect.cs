namespace ArtMqtt.Broker.Intake;

/// <summary>Whose way of writing positions a payload follows.</summary>
internal enum PayloadDialect
{
    /// <summary>Ours: JSON or Protobuf.</summary>
    Own,

    /// <summary>Messages of OwnTracks apps; what is published to their topics always is.</summary>
    OwnTracks,

    /// <summary>Fields or JSON of OsmAnd and Traccar Client.</summary>
    OsmAnd,
}
