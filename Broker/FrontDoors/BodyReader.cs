using Microsoft.AspNetCore.Http;

namespace ArtMqtt.Broker.FrontDoors;

/// <summary>Reads a body into memory up to a limit.</summary>
internal static class BodyReader
{
    private const int FirstBytes = 1 << 10;

    /// <summary>The body, or null when it is larger than the limit.</summary>
    public static async ValueTask<byte[]?> ReadAsync(HttpRequest request, int limit, CancellationToken cancellationToken)
    {
        if (request.ContentLength > limit)
        {
            return null;
        }

        // One byte more than allowed tells too large from just right.
        var buffer = new byte[(int)(request.ContentLength ?? FirstBytes) + 1];
        var length = 0;
        while (await request.Body.ReadAsync(buffer.AsMemory(length), cancellationToken) is > 0 and var read)
        {
            length += read;
            if (length > limit)
            {
                return null;
            }

            if (length == buffer.Length)
            {
                Array.Resize(ref buffer, Math.Min(2 * length, limit + 1));
            }
        }

        return buffer[..length];
    }
}
