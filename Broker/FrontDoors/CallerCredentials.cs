using System.Text;
using ArtMqtt.Broker.Auth;
using ArtMqtt.Contracts.OsmAnd;
using ArtMqtt.Contracts.Security;
using Microsoft.AspNetCore.Http;

namespace ArtMqtt.Broker.FrontDoors;

/// <summary>Who a caller says it is, and the proof.</summary>
/// <param name="UserName">As over MQTT; null when nothing names the device.</param>
/// <param name="Password">Secret or token, UTF-8.</param>
internal sealed record CallerCredentials(string? UserName, byte[] Password)
{
    /// <summary>Fields of a query or form that carry a secret: not to be kept, not to be logged.</summary>
    public static readonly string[] SecretFields = ["token", "key"];

    private const int MaxLength = 8 << 10;
    private const string BasicPrefix = "Basic ";
    private const string BearerPrefix = "Bearer ";

    /// <summary>Not shown: a record would print the password.</summary>
    public override string ToString() => UserName ?? "";

    /// <summary>
    /// Reads <c>Authorization: Basic</c> (user name and password as over MQTT), <c>Authorization: Bearer</c>, or a
    /// field <c>token</c> or <c>key</c> for apps that have nothing but an address.
    /// </summary>
    /// <param name="request">The call.</param>
    /// <param name="fields">Query, and form if there is one.</param>
    /// <param name="deviceId">The device the call is about, for a proof without a name.</param>
    /// <returns>Null when there is no proof.</returns>
    public static CallerCredentials? Read(HttpRequest request, string fields, string? deviceId)
    {
        var header = request.Headers.Authorization.ToString();
        if (header.Length > MaxLength)
        {
            return null;
        }

        if (header.StartsWith(BasicPrefix, StringComparison.OrdinalIgnoreCase))
        {
            return OfBasic(header[BasicPrefix.Length..].Trim());
        }

        var secret = header.StartsWith(BearerPrefix, StringComparison.OrdinalIgnoreCase)
            ? header[BearerPrefix.Length..].Trim()
            : FormFields.Find(fields, SecretFields);
        return string.IsNullOrEmpty(secret) ? null : OfToken(secret, deviceId);
    }

    private static CallerCredentials? OfBasic(string encoded)
    {
        var bytes = new byte[encoded.Length];
        if (!Convert.TryFromBase64String(encoded, bytes, out var length))
        {
            return null;
        }

        var colon = bytes.AsSpan(0, length).IndexOf((byte)':');
        return colon < 0
            ? null
            : new CallerCredentials(Encoding.UTF8.GetString(bytes, 0, colon), bytes[(colon + 1)..length]);
    }

    // A customer's or dispatcher's token says itself what it is; any other proof is that of the device in question.
    private static CallerCredentials OfToken(string secret, string? deviceId)
    {
        var userName = !AccessToken.TryParse(secret, out var token) ? deviceId
            : token.IsAdmin ? ClientAuthenticator.AdminName
            : token.IsDispatcher ? ClientAuthenticator.DispatcherName
            : ClientAuthenticator.CustomerName;
        return new CallerCredentials(userName, Encoding.UTF8.GetBytes(secret));
    }
}
