using System.Text.Json;
using MessagePack;
using MessagePack.Formatters;
using MessagePack.Resolvers;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.Options;

namespace ArtMqtt.WebGateway.Live.Wire;

/// <summary>
/// MessagePack with the same names and values as JSON: whatever is no plain value takes its form from the JSON
/// serializer. What many watchers get is encoded once (<see cref="EncodedEvents"/>), so the way over JSON costs little.
/// </summary>
internal sealed class JsonFormatterResolver(IOptions<JsonHubProtocolOptions> json) : IFormatterResolver
{
    private readonly Cache _cache = new();

    /// <inheritdoc/>
    public IMessagePackFormatter<T>? GetFormatter<T>() => _cache.Get(() =>
        typeof(T).IsPrimitive || typeof(T) == typeof(string) || typeof(T) == typeof(byte[])
            ? StandardResolver.Instance.GetFormatter<T>()
            : new JsonFormatter<T>(json.Value.PayloadSerializerOptions));

    private sealed class Cache
    {
        private readonly System.Collections.Concurrent.ConcurrentDictionary<Type, object?> _formatters = new();

        public IMessagePackFormatter<T>? Get<T>(Func<IMessagePackFormatter<T>?> make) =>
            (IMessagePackFormatter<T>?)_formatters.GetOrAdd(typeof(T), _ => make());
    }

    private sealed class JsonFormatter<T>(JsonSerializerOptions options) : IMessagePackFormatter<T>
    {
        public void Serialize(ref MessagePackWriter writer, T value, MessagePackSerializerOptions _) =>
            Write(ref writer, JsonSerializer.SerializeToElement(value, options));

        public T Deserialize(ref MessagePackReader reader, MessagePackSerializerOptions packOptions)
        {
            using var text = new StringWriter();
            MessagePackSerializer.ConvertToJson(ref reader, text, packOptions);
            return JsonSerializer.Deserialize<T>(text.ToString(), options)!;
        }

        private static void Write(ref MessagePackWriter writer, JsonElement element)
        {
            switch (element.ValueKind)
            {
                case JsonValueKind.Object:
                    writer.WriteMapHeader(element.GetPropertyCount());
                    foreach (var property in element.EnumerateObject())
                    {
                        writer.Write(property.Name);
                        Write(ref writer, property.Value);
                    }

                    break;
                case JsonValueKind.Array:
                    writer.WriteArrayHeader(element.GetArrayLength());
                    foreach (var item in element.EnumerateArray())
                    {
                        Write(ref writer, item);
                    }

                    break;
                case JsonValueKind.Number when element.TryGetInt64(out var integer):
                    writer.Write(integer);
                    break;
                case JsonValueKind.Number:
                    writer.Write(element.GetDouble());
                    break;
                case JsonValueKind.String:
                    writer.Write(element.GetString());
                    break;
                case JsonValueKind.True or JsonValueKind.False:
                    writer.Write(element.GetBoolean());
                    break;
                default:
                    writer.WriteNil();
                    break;
            }
        }
    }
}
