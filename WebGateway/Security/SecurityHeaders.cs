using ArtMqtt.WebGateway.Pages;
using Microsoft.Extensions.Options;

namespace ArtMqtt.WebGateway.Security;

/// <summary>Tells browsers what pages of this site may do: load and call only this site, and the configured map.</summary>
internal sealed class SecurityHeaders(IOptions<MapOptions> map)
{
    private readonly string _policy = CreatePolicy(map.Value);

    public Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        // When the answer starts, because an exception clears what was set before.
        context.Response.OnStarting(() => Add(context.Response.Headers, context.Request.IsHttps));
        return next(context);
    }

    private Task Add(IHeaderDictionary headers, bool isHttps)
    {
        if (headers.ContentSecurityPolicy.Count == 0)
        {
            headers.ContentSecurityPolicy = _policy;
        }

        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers.XFrameOptions = "DENY";
        headers["Permissions-Policy"] = "geolocation=(self)";
        // Other sites may read answers where CORS says so, but not put them into their pages unread.
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        if (isHttps)
        {
            headers.StrictTransportSecurity = "max-age=31536000";
            // Browsers complain about it on sites without TLS.
            headers["Cross-Origin-Opener-Policy"] = "same-origin";
        }

        return Task.CompletedTask;
    }

    private static string CreatePolicy(MapOptions map)
    {
        var hosts = string.Concat(map.ExternalHosts().Select(host => $" {host}"));
        return $"default-src 'self'; img-src 'self' data: blob:{hosts}; worker-src 'self'; "
            + $"connect-src 'self'{hosts}; font-src 'self' data:{hosts}; "
            + "object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'";
    }
}
