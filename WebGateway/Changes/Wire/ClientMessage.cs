using System.Text.Json;

namespace ArtMqtt.WebGateway.Changes.Wire;

/// <summary>One message of a client.</summary>
/// <param name="JoinRef">The client's number of the join it belongs to, or null.</param>
/// <param name="Ref">The client's number of the message, for the reply, or null.</param>
/// <param name="Topic">The channel, or <c>phoenix</c>.</param>
/// <param name="Event">What it is.</param>
/// <param name="Payload">Its content; undefined for <paramref name="Broadcast"/>.</param>
/// <param name="Broadcast">The content of a binary broadcast, else null.</param>
internal sealed record ClientMessage(
    string? JoinRef, string? Ref, string Topic, string Event, JsonElement Payload, BinaryBroadcast? Broadcast = null);

/// <summary>A broadcast in the binary form of version 2.0.0.</summary>
/// <param name="Event">The user's name of it.</param>
/// <param name="IsJson">Whether the content is JSON.</param>
/// <param name="Metadata">JSON, perhaps empty.</param>
/// <param name="Content">As it is.</param>
internal sealed record BinaryBroadcast(
    string Event, bool IsJson, ReadOnlyMemory<byte> Metadata, ReadOnlyMemory<byte> Content);
