namespace ArtMqtt.Broker.Upstream;

/// <summary>The upstream broker refused something; the message is for its operator.</summary>
/// <param name="message">What.</param>
internal sealed class UpstreamException(string message) : Exception(message);
