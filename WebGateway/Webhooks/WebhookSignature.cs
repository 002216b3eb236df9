using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace ArtMqtt.WebGateway.Webhooks;

/// <summary>Signs as Standard Webhooks says (version 1, symmetric): HMAC-SHA256 of <c>id.timestamp.body</c>.</summary>
internal static class WebhookSignature
{
    /// <summary>The value of <c>webhook-signature</c>: one for each secret, the newest first.</summary>
    /// <param name="id">The value of <c>webhook-id</c>.</param>
    /// <param name="timestamp">The value of <c>webhook-timestamp</c>, Unix seconds.</param>
    /// <param name="body">What is sent.</param>
    /// <param name="secrets">At least one.</param>
    public static string Create(string id, long timestamp, string body, params IEnumerable<byte[]> secrets)
    {
        var signed = Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{id}.{timestamp}.{body}"));
        return string.Join(
            ' ', secrets.Select(secret => $"v1,{Convert.ToBase64String(HMACSHA256.HashData(secret, signed))}"));
    }
}
