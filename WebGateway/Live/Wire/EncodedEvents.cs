using System.Text.Json;
using ArtMqtt.Live;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.AspNetCore.SignalR.Protocol;
using Microsoft.Extensions.Options;

namespace ArtMqtt.WebGateway.Live.Wire;

/// <summary>
/// Events as bytes, made once for each protocol and not for each watcher. What was made is kept in a table of fixed
/// size: watchers ask for an event within a tick or two, and when another one took its place it is made again.
/// </summary>
internal sealed class EncodedEvents(IOptions<JsonOptions> json)
{
    private const int Slots = 8_192;

    private readonly Encoded?[] _slots = new Encoded?[Slots];

    /// <summary>The whole message of a hub protocol, which may stand beside others in one frame.</summary>
    public ReadOnlyMemory<byte> ForHub(IHubProtocol protocol, Guid requestId, NumberedEvent numbered) =>
        Find(numbered, protocol) ?? Keep(numbered, protocol, protocol
            .GetMessageBytes(new InvocationMessage(numbered.Event.Name, [LiveMessages.Of(requestId, numbered)])).ToArray());

    /// <summary>The event's fields as JSON.</summary>
    public byte[] AsJson(Guid requestId, NumberedEvent numbered) =>
        Find(numbered, this) ?? Keep(
            numbered, this,
            JsonSerializer.SerializeToUtf8Bytes(LiveMessages.Of(requestId, numbered), json.Value.SerializerOptions));

    /// <summary>A reply as JSON; each is for one caller only.</summary>
    public byte[] AsJson(JoinReply reply) => JsonSerializer.SerializeToUtf8Bytes(reply, json.Value.SerializerOptions);

    private byte[]? Find(NumberedEvent numbered, object form) =>
        Volatile.Read(ref SlotOf(numbered, form)) is { } kept
            && ReferenceEquals(kept.Event, numbered) && ReferenceEquals(kept.Form, form)
                ? kept.Bytes
                : null;

    private byte[] Keep(NumberedEvent numbered, object form, byte[] bytes)
    {
        Volatile.Write(ref SlotOf(numbered, form), new Encoded(numbered, form, bytes));
        return bytes;
    }

    private ref Encoded? SlotOf(NumberedEvent numbered, object form) =>
        ref _slots[(numbered.Cursor.GetHashCode() ^ form.GetHashCode()) & (Slots - 1)];

    private sealed record Encoded(NumberedEvent Event, object Form, byte[] Bytes);
}
