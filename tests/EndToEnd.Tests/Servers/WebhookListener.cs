using System.Collections.Concurrent;
using System.Net;
using ArtMqtt.TestKit;

namespace ArtMqtt.EndToEnd.Tests.Servers;

/// <summary>A server that webhooks are sent to; says 204, or waits with that while it is told to hold.</summary>
internal sealed class WebhookListener : IAsyncDisposable
{
    private readonly HttpListener _listener = new();
    private readonly Task _listening;
    private volatile TaskCompletionSource? _hold;

    public WebhookListener()
    {
        Address = new Uri($"http://127.0.0.1:{Ports.Free()}/");
        _listener.Prefixes.Add(Address.ToString());
        _listener.Start();
        _listening = ListenAsync();
    }

    /// <summary>Where it listens.</summary>
    public Uri Address { get; }

    /// <summary>The id and body of each call, also of those that are held.</summary>
    public ConcurrentQueue<(string Id, string Body)> Calls { get; } = [];

    /// <summary>From now on it answers nobody.</summary>
    public void Hold() => _hold = new TaskCompletionSource();

    /// <summary>It answers again.</summary>
    public void Release()
    {
        _hold?.SetResult();
        _hold = null;
    }

    public async ValueTask DisposeAsync()
    {
        Release();
        _listener.Stop();
        await _listening;
        _listener.Close();
    }

    private async Task ListenAsync()
    {
        var answers = new List<Task>();
        try
        {
            while (true)
            {
                answers.Add(AnswerAsync(await _listener.GetContextAsync()));
            }
        }
        catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
        {
            // Stopped.
        }

        await Task.WhenAll(answers);
    }

    private async Task AnswerAsync(HttpListenerContext context)
    {
        try
        {
            using var reader = new StreamReader(context.Request.InputStream);
            var body = await reader.ReadToEndAsync();
            Calls.Enqueue((context.Request.Headers["webhook-id"]!, body));
            if (_hold is { } hold)
            {
                await hold.Task;
            }

            context.Response.StatusCode = 204;
            context.Response.Close();
        }
        catch (Exception e) when (e is IOException or HttpListenerException or ObjectDisposedException)
        {
            // The caller is gone.
        }
    }
}
