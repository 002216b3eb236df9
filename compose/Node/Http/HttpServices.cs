using System.Net;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;

namespace ArtMqtt.Node.Http;

/// <summary>Registration of the HTTP endpoint.</summary>
internal static class HttpServices
{
    private const int MaxBodyBytes = 1 << 20;

    /// <summary>Adds the endpoint; options from the section <c>Http</c>.</summary>
    public static void AddHttp(this WebApplicationBuilder builder)
    {
        builder.Services.AddOptionsWithValidateOnStart<HttpOptions>()
            .BindConfiguration(HttpOptions.Section)
            .ValidateDataAnnotations()
            .Validate(HttpOptions.HasAddress, "Http:Address must be an IP address, for example 127.0.0.1 or 0.0.0.0.")
            .Validate(HttpOptions.HasProxies, "Http:TrustedProxies must be networks, for example 10.0.0.0/8.");
        builder.Services.AddOptions<KestrelServerOptions>().Configure<IOptions<HttpOptions>>(Listen);
        builder.Services.AddOptions<ForwardedHeadersOptions>().Configure<IOptions<HttpOptions>>(Trust);
    }

    /// <summary>Takes address, scheme and host of the caller from trusted proxies.</summary>
    public static void UseHttp(this WebApplication app) => app.UseForwardedHeaders();

    private static void Listen(KestrelServerOptions kestrel, IOptions<HttpOptions> options)
    {
        var http = options.Value;
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = MaxBodyBytes;
        kestrel.Listen(IPAddress.Parse(http.Address), http.Port, endpoint => endpoint.Use(
            next => new ConnectionLimit(next, http.MaxConnections).OnConnectionAsync));
    }

    private static void Trust(ForwardedHeadersOptions forwarded, IOptions<HttpOptions> options)
    {
        forwarded.KnownProxies.Clear();
        forwarded.KnownIPNetworks.Clear();
        if (options.Value.TrustedProxies.Count == 0)
        {
            return;
        }

        forwarded.ForwardedHeaders = ForwardedHeaders.All;
        foreach (var network in options.Value.TrustedProxies)
        {
            forwarded.KnownIPNetworks.Add(System.Net.IPNetwork.Parse(network));
        }
    }
}
