namespace ArtMqtt.WebGateway.Changes.Filters;

/// <summary>A filter that cannot be understood; the message is for its author.</summary>
internal sealed class FilterException(string message) : Exception(message);
