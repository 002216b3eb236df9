using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Text;
using ArtMqtt.Store.Webhooks;
using Microsoft.Extensions.Options;

namespace ArtMqtt.WebGateway.Webhooks;

/// <summary>Makes one attempt: a signed POST. Redirects are not followed, and of the answer only the head matters.</summary>
internal sealed class WebhookSender : IDisposable
{
    private const int MaxHeadKilobytes = 16;
    private const int MaxDrainedBytes = 16 * 1024;

    private readonly HttpClient _client;
    private readonly WebhookSecrets _secrets;
    private readonly TimeProvider _time;
    private readonly TimeSpan _timeout;

    public WebhookSender(
        WebhookConnector connector, WebhookSecrets secrets, IOptions<WebhookOptions> options, TimeProvider time)
    {
        _secrets = secrets;
        _time = time;
        _timeout = options.Value.Timeout;
        var handler = new SocketsHttpHandler
        {
            ConnectCallback = connector.ConnectAsync,
            ConnectTimeout = options.Value.ConnectTimeout,
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = options.Value.Proxy is not null,
            Proxy = options.Value.Proxy is { } proxy ? new WebProxy(proxy) : null,
            // Names are looked up again.
            PooledConnectionLifetime = TimeSpan.FromMinutes(2),
            MaxResponseHeadersLength = MaxHeadKilobytes,
            MaxResponseDrainSize = MaxDrainedBytes,
            ActivityHeadersPropagator = null,
        };
        _client = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
        _client.DefaultRequestHeaders.UserAgent.Add(new ProductInfoHeaderValue("ArtMqtt-Webhooks", "1"));
    }

    /// <summary>The value of <c>webhook-id</c>: the same for all attempts and endpoints of an event.</summary>
    public static string IdOf(Guid eventId) => $"evt_{eventId:N}";

    /// <summary>Sends a delivery and waits for the answer.</summary>
    public async Task<AttemptResult> SendAsync(DueDelivery delivery, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(_timeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            using var message = Create(delivery);
            using var response = await _client.SendAsync(
                message, HttpCompletionOption.ResponseHeadersRead, either.Token);
            var status = (int)response.StatusCode;
            return response.IsSuccessStatusCode
                ? new AttemptResult(status, null)
                : new AttemptResult(status, string.Create(CultureInfo.InvariantCulture, $"status {status}"), RetryAfterOf(response));
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new AttemptResult(null, "timeout");
        }
        catch (CryptographicException)
        {
            return new AttemptResult(null, "the secret cannot be read with this node's credential key");
        }
        catch (HttpRequestException e)
        {
            return new AttemptResult(null, Describe(e));
        }
    }

    public void Dispose() => _client.Dispose();

    private HttpRequestMessage Create(DueDelivery delivery)
    {
        var id = IdOf(delivery.EventId);
        var timestamp = _time.GetUtcNow().ToUnixTimeSeconds();
        byte[]?[] stored = [delivery.Secret, delivery.PreviousSecret];
        var secrets = stored.OfType<byte[]>().Select(secret => _secrets.Unprotect(delivery.EndpointId, secret));
        var message = new HttpRequestMessage(HttpMethod.Post, delivery.Url)
        {
            Content = new StringContent(delivery.Body, Encoding.UTF8, "application/json"),
        };
        message.Headers.Add("webhook-id", id);
        message.Headers.Add("webhook-timestamp", timestamp.ToString(CultureInfo.InvariantCulture));
        message.Headers.Add("webhook-signature", WebhookSignature.Create(id, timestamp, delivery.Body, secrets));
        return message;
    }

    private TimeSpan? RetryAfterOf(HttpResponseMessage response) =>
        response.StatusCode is not (HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable) ? null
            : response.Headers.RetryAfter switch
            {
                { Delta: { } delta } => delta,
                { Date: { } date } => date - _time.GetUtcNow(),
                _ => null,
            };

    private static string Describe(HttpRequestException exception) => exception switch
    {
        { InnerException: AddressNotAllowedException inner } => inner.Message,
        { InnerException: SocketException socket } => $"connection: {socket.SocketErrorCode}",
        { InnerException: AuthenticationException } => "TLS failed",
        _ => $"HTTP: {exception.HttpRequestError}",
    };
}
