namespace ArtMqtt.Broker.Mirror;

/// <summary>Where mirrored messages go: the subscribers of the MQTT server.</summary>
internal interface IMirrorTarget
{
    /// <summary>Whether anybody is subscribed to something below the request.</summary>
    bool HasSubscribers(Guid requestId);

    /// <summary>Sends a message to its subscribers.</summary>
    /// <param name="topic">Where.</param>
    /// <param name="payload">JSON.</param>
    /// <param name="isRetained">Keep it for later subscribers, and deliver with QoS 1 instead of 0.</param>
    /// <param name="cancellationToken">Gives up.</param>
    Task PublishAsync(string topic, ReadOnlyMemory<byte> payload, bool isRetained, CancellationToken cancellationToken);

    /// <summary>Forgets the retained message of a topic; subscribers are not told.</summary>
    Task ForgetAsync(string topic);
}
