using System.Text.Json;

namespace ArtMqtt.Live.Nodes;

/// <summary>Tells other nodes who is connected here, and ends connections for them.</summary>
internal sealed class ClientAnswerer(NodeClients clients) : INodeAnswerer
{
    public const string Name = "clients";

    /// <inheritdoc/>
    public string Topic => Name;

    /// <inheritdoc/>
    public byte[] Answer(ReadOnlyMemory<byte> question)
    {
        var asked = JsonSerializer.Deserialize<ClientQuestion>(question.Span, JsonSerializerOptions.Web)!;
        return asked.End is { } id
            ? JsonSerializer.SerializeToUtf8Bytes(clients.Disconnect(asked.Scope, id), JsonSerializerOptions.Web)
            : PackedJson.Write(clients.List(asked.Scope, asked.Search, asked.Limit));
    }
}
