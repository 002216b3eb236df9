using System.Security.Cryptography;
using ArtMqtt.Identity.Keys;
using Microsoft.Extensions.Options;

namespace ArtMqtt.Identity;

/// <summary>Stops the start when tokens could be accepted that nobody meant, or none could.</summary>
internal sealed class TokenOptionsRules : IValidateOptions<TokenOptions>
{
    public ValidateOptionsResult Validate(string? name, TokenOptions options)
    {
        var errors = Check(options).ToList();
        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }

    private static IEnumerable<string> Check(TokenOptions options)
    {
        if (options.Algorithms.FirstOrDefault(a => !TokenKey.Algorithms.Contains(a)) is { } unknown)
        {
            yield return $"Tokens:Algorithms has '{unknown}': must be RS256, ES256 or HS256.";
        }

        if (!string.IsNullOrEmpty(options.LocalKeyFile)
            && (options.Issuer == options.LocalIssuer || options.Authority?.OriginalString == options.LocalIssuer))
        {
            yield return $"Tokens:LocalIssuer is '{options.LocalIssuer}', as that of other tokens: give it another name.";
        }

        if (KeyError(options) is { } error)
        {
            yield return error;
        }

        if (!options.HasKeys)
        {
            yield break;
        }

        if (string.IsNullOrEmpty(options.Audience))
        {
            yield return "Tokens:Audience is not set: tokens made for somebody else would be accepted.";
        }

        if (string.IsNullOrEmpty(options.Issuer) && options.Authority is null)
        {
            yield return "Tokens:Issuer is not set; only Tokens:Authority brings one.";
        }

        if (options.Authority is not null && options.JwksUrl is not null)
        {
            yield return "Set Tokens:Authority or Tokens:JwksUrl, not both.";
        }

        foreach (var address in new[] { options.Authority, options.JwksUrl }.OfType<Uri>().Where(a => !IsSafe(a)))
        {
            yield return $"Tokens: '{address}' must be https, or http to this machine.";
        }
    }

    /// <summary>Whether nobody on the way can put in keys of their own.</summary>
    internal static bool IsSafe(Uri address) => address.IsAbsoluteUri
        && (address.Scheme == Uri.UriSchemeHttps || (address.Scheme == Uri.UriSchemeHttp && address.IsLoopback));

    private static string? KeyError(TokenOptions options)
    {
        try
        {
            _ = SettingsKeys.Read(options);
            _ = LocalKey.Read(options);
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException
            or CryptographicException or ArgumentException)
        {
            return $"Tokens: {e.Message}";
        }
    }
}
