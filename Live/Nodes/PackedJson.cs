using System.IO.Compression;
using System.Text.Json;

namespace ArtMqtt.Live.Nodes;

/// <summary>JSON, compressed: a thousand clients are some 30 KB, and many nodes answer at once.</summary>
internal static class PackedJson
{
    public static byte[] Write<T>(T value)
    {
        using var packed = new MemoryStream();
        using (var packing = new BrotliStream(packed, CompressionLevel.Fastest))
        {
            JsonSerializer.Serialize(packing, value, JsonSerializerOptions.Web);
        }

        return packed.ToArray();
    }

    public static T Read<T>(byte[] packed)
    {
        using var unpacking = new BrotliStream(new MemoryStream(packed), CompressionMode.Decompress);
        return JsonSerializer.Deserialize<T>(unpacking, JsonSerializerOptions.Web)!;
    }
}
