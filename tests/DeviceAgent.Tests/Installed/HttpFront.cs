using System.Net.Http.Headers;
using ArtMqtt.TestKit;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace ArtMqtt.DeviceAgent.Tests.Installed;

/// <summary>Puts a server that a test has in memory on a port, for programs that are processes of their own.</summary>
internal sealed class HttpFront : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly HttpMessageInvoker _server;

    private HttpFront(HttpMessageHandler server)
    {
        _server = new HttpMessageInvoker(server);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(Address);
        _app = builder.Build();
        _app.Run(ForwardAsync);
    }

    /// <summary>Its address.</summary>
    public string Address { get; } = $"http://127.0.0.1:{Ports.Free()}";

    /// <summary>Starts it.</summary>
    public static async Task<HttpFront> StartAsync(HttpMessageHandler server)
    {
        var front = new HttpFront(server);
        await front._app.StartAsync(TestContext.Current.CancellationToken);
        return front;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _server.Dispose();
    }

    private async Task ForwardAsync(HttpContext context)
    {
        using var body = new StreamContent(context.Request.Body);
        using var request = new HttpRequestMessage(
            new HttpMethod(context.Request.Method), $"{Address}{context.Request.Path}")
        {
            Content = context.Request.ContentLength > 0 || context.Request.Headers.TransferEncoding.Count > 0 ? body : null,
        };
        _ = AuthenticationHeaderValue.TryParse(context.Request.Headers.Authorization, out var credentials);
        request.Headers.Authorization = credentials;
        using var answer = await _server.SendAsync(request, context.RequestAborted);
        context.Response.StatusCode = (int)answer.StatusCode;
        context.Response.ContentType = answer.Content.Headers.ContentType?.ToString();
        await answer.Content.CopyToAsync(context.Response.Body, context.RequestAborted);
    }
}
