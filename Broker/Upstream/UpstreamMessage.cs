namespace ArtMqtt.Broker.Upstream;

/// <summary>A message of the upstream broker.</summary>
/// <param name="Topic">Its topic there.</param>
/// <param name="ContentType">MQTT 5 content type, or null.</param>
/// <param name="Payload">What it says; stays as it is.</param>
/// <param name="IsPromised">Whether it waits for an acknowledgement (QoS 1), so that we have to keep it.</param>
internal readonly record struct UpstreamMessage(string Topic, string? ContentType, ReadOnlyMemory<byte> Payload, bool IsPromised);
