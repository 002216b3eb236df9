using System.Net;
using System.Text;
using System.Text.Json.Nodes;

namespace ArtMqtt.TestKit;

/// <summary>An OpenID Connect authority on loopback, as far as keys go. It can be taken away.</summary>
public sealed class TestAuthority : IDisposable
{
    private readonly int _port = Ports.Free();
    private HttpListener _listener = new();
    private int _reads;

    /// <summary>Starts it.</summary>
    public TestAuthority() => Start();

    /// <summary>Its address and issuer.</summary>
    public string Address => $"http://127.0.0.1:{_port}";

    /// <summary>Address of its key set.</summary>
    public string JwksUrl => $"{Address}/keys";

    /// <summary>What it says of its issuer.</summary>
    public string? Issuer { get; set; }

    /// <summary>The key set, as it is answered.</summary>
    public IReadOnlyList<JsonObject> Keys { get; set; } = [];

    /// <summary>How often the key set was read.</summary>
    public int Reads => Volatile.Read(ref _reads);

    /// <summary>Answers (again).</summary>
    public void Start()
    {
        var listener = _listener = new HttpListener();
        listener.Prefixes.Add($"{Address}/");
        listener.Start();
        _ = ServeAsync(listener);
    }

    /// <summary>Answers no more.</summary>
    public void Stop() => _listener.Close();

    /// <inheritdoc/>
    public void Dispose() => Stop();

    private async Task ServeAsync(HttpListener listener)
    {
        try
        {
            while (listener.IsListening)
            {
                var context = await listener.GetContextAsync();
                var answer = Answer(context.Request.Url!.AbsolutePath);
                context.Response.StatusCode = answer is null ? 404 : 200;
                await context.Response.OutputStream.WriteAsync(Encoding.UTF8.GetBytes(answer ?? ""));
                context.Response.Close();
            }
        }
        catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
        {
            // Stopped.
        }
    }

    private string? Answer(string path)
    {
        switch (path)
        {
            case "/.well-known/openid-configuration":
                return new JsonObject { ["issuer"] = Issuer ?? Address, ["jwks_uri"] = JwksUrl }.ToJsonString();
            case "/keys":
                Interlocked.Increment(ref _reads);
                return new JsonObject { ["keys"] = new JsonArray([.. Keys.Select(key => key.DeepClone())]) }.ToJsonString();
            default:
                return null;
        }
    }
}
