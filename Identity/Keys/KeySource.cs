using System.Text.Json;
using Microsoft.Extensions.Options;

namespace ArtMqtt.Identity.Keys;

/// <summary>Reads keys over HTTP: from the JWKS address, or from the one that the authority names.</summary>
internal sealed class KeySource : IDisposable
{
    private const int MaxDocumentBytes = 256 * 1024;
    private static readonly TimeSpan _timeout = TimeSpan.FromSeconds(10);
    private readonly TokenOptions _options;

    // A redirect would lead away from what the settings and the authority's document name.
    private readonly HttpClient _http = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
    })
    {
        MaxResponseContentBufferSize = MaxDocumentBytes,
        Timeout = _timeout,
    };

    public KeySource(IOptions<TokenOptions> options) => _options = options.Value;

    /// <summary>Reads issuer and keys.</summary>
    /// <exception cref="HttpRequestException">The authority does not answer, or not with 200.</exception>
    /// <exception cref="FormatException">It answers with something else.</exception>
    public async Task<(string? Issuer, IReadOnlyList<TokenKey> Keys)> ReadAsync(CancellationToken cancellationToken)
    {
        var (issuer, address) = _options.Authority is { } authority
            ? await DiscoverAsync(authority, cancellationToken)
            : (null, _options.JwksUrl!);
        var keys = JwksReader.Read(await _http.GetStringAsync(address, cancellationToken), _options.Allows);
        return (issuer, keys);
    }

    public void Dispose() => _http.Dispose();

    private async Task<(string Issuer, Uri KeySet)> DiscoverAsync(Uri authority, CancellationToken cancellationToken)
    {
        var site = authority.AbsoluteUri.TrimEnd('/');
        var json = await _http.GetStringAsync(
            new Uri($"{site}/.well-known/openid-configuration"), cancellationToken);
        try
        {
            using var document = JsonDocument.Parse(json);
            var issuer = document.RootElement.GetProperty("issuer").GetString() ?? "";
            var keySet = document.RootElement.GetProperty("jwks_uri").GetString();
            if (issuer.TrimEnd('/') != site)
            {
                throw new FormatException($"{site} says its issuer is '{issuer}'; both must be the same.");
            }

            return Uri.TryCreate(keySet, UriKind.Absolute, out var address) && TokenOptionsRules.IsSafe(address)
                ? (issuer, address)
                : throw new FormatException($"{site} names '{keySet}' as its key set: that must be https.");
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new FormatException($"{site} does not answer with an OpenID Connect configuration.", e);
        }
    }
}
