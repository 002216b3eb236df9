using System.ComponentModel.DataAnnotations;

namespace ArtMqtt.WebGateway.Pages;

/// <summary>How customers reach the service from their page; without any of it, not at all. Public.</summary>
public sealed class CustomerOptions
{
    /// <summary>Configuration section.</summary>
    public const string Section = "Gateway:Customer";

    private static readonly string[] _schemes = [Uri.UriSchemeHttps, Uri.UriSchemeMailto, "sms"];

    /// <summary>Telephone number in the form E.164: <c>+4930123456</c>.</summary>
    [RegularExpression(@"^\+[1-9][0-9]{6,14}$", ErrorMessage = "Gateway:Customer:PhoneNumber must be like +4930123456 (E.164).")]
    public string? PhoneNumber { get; init; }

    /// <summary>
    /// Where a message is written: <c>https</c> (a chat, <c>https://wa.me/4930123456</c>), <c>sms:+4930123456</c> or
    /// <c>mailto:help@example.org</c>.
    /// </summary>
    [MaxLength(1_000)]
    public string? MessageUrl { get; init; }

    internal static bool HasValidMessageUrl(CustomerOptions options) =>
        options.MessageUrl is not { Length: > 0 } url
        || (Uri.TryCreate(url, UriKind.Absolute, out var uri) && _schemes.Contains(uri.Scheme) && uri.UserInfo.Length == 0);
}
