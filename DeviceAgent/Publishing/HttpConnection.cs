using System.Buffers;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using ArtMqtt.Contracts;

namespace ArtMqtt.DeviceAgent.Publishing;

/// <summary>
/// The last resort, where networks let nothing but HTTP through: the same payloads, posted one after the other. The
/// answers bring the control; there is no presence.
/// </summary>
internal sealed class HttpConnection : IServerConnection
{
    private const string ControlHeader = "ArtMqtt-Control";

    private readonly PublisherOptions _options;
    private readonly Action<ReadOnlySequence<byte>> _controlled;
    private readonly TimeProvider _time;
    private readonly HttpClient _client;
    private string? _control;

    /// <param name="endpoint">Where.</param>
    /// <param name="options">As whom.</param>
    /// <param name="time">Clock of this machine.</param>
    /// <param name="controlled">Is given what stands for the payloads of the control topic.</param>
    public HttpConnection(
        ServerEndpoint endpoint, PublisherOptions options, TimeProvider time, Action<ReadOnlySequence<byte>> controlled)
    {
        (Endpoint, _options, _time, _controlled) = (endpoint, options, time, controlled);
        var handler = new SocketsHttpHandler { AllowAutoRedirect = false };
        if (endpoint.UsesTls)
        {
            var tls = new ClientTls(options.Credentials);
            handler.SslOptions.ClientCertificates = tls.Certificates;
            handler.SslOptions.RemoteCertificateValidationCallback =
                (_, certificate, chain, errors) => tls.Trusts(certificate, chain, errors);
        }

        _client = new HttpClient(handler) { BaseAddress = endpoint.Uri, Timeout = Timeout.InfiniteTimeSpan };
    }

    /// <inheritdoc/>
    public ServerEndpoint Endpoint { get; }

    /// <inheritdoc/>
    public CancellationToken Lost => CancellationToken.None;

    /// <inheritdoc/>
    public string? Farewell => null;

    /// <inheritdoc/>
    public bool IsTakenOver => false;

    /// <summary>One: two posts might overtake each other.</summary>
    public int Window => 1;

    /// <inheritdoc/>
    public DateTimeOffset? Expires { get; private set; }

    /// <summary>Asks whether anybody is there; credentials are looked at with the first post only.</summary>
    public async Task<string?> ConnectAsync(CancellationToken cancellationToken)
    {
        if (_options.Credentials.ReadPassword() is { } password)
        {
            Expires = _options.Credentials.ExpiryOf(password);
            _client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(
                "Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{_options.DeviceId}:{password}")));
        }

        using var window = new CancellationTokenSource(_options.ConnectTimeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, window.Token);
        using var question = new HttpRequestMessage(HttpMethod.Head, PathOf(_options.Topic));
        try
        {
            using var answer = await _client.SendAsync(question, either.Token);
            // 405: a server that knows the address, for POST.
            return answer.IsSuccessStatusCode || answer.StatusCode == HttpStatusCode.MethodNotAllowed
                ? null
                : $"HTTP {(int)answer.StatusCode}";
        }
        catch (OperationCanceledException) when (window.IsCancellationRequested)
        {
            throw IServerConnection.NoAnswer(_options.ConnectTimeout);
        }
    }

    /// <inheritdoc/>
    public async Task<PublishAnswer> PublishAsync(SpooledPublish publish, CancellationToken cancellationToken)
    {
        using var window = new CancellationTokenSource(_options.AnswerTimeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, window.Token);
        using var content = new ByteArrayContent(publish.Payload);
        content.Headers.ContentType = new MediaTypeHeaderValue(publish.ContentType);
        using var answer = await _client.PostAsync(PathOf(publish.Topic), content, either.Token);
        LookForControl(answer.Headers);
        return new PublishAnswer(
            VerdictOf(answer.StatusCode), $"HTTP {(int)answer.StatusCode}", answer.Headers.RetryAfter?.Delta);
    }

    /// <inheritdoc/>
    public Task CloseAsync() => Task.CompletedTask;

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();

    // As docs/wire-format.md says: what is wrong with the positions gives them up; who we are may be mended.
    private static PublishVerdict VerdictOf(HttpStatusCode status) => status switch
    {
        HttpStatusCode.OK => PublishVerdict.Accepted,
        HttpStatusCode.BadRequest or HttpStatusCode.RequestEntityTooLarge or HttpStatusCode.UnsupportedMediaType
            or HttpStatusCode.UnprocessableEntity => PublishVerdict.Refused,
        _ => PublishVerdict.Retry,
    };

    private void LookForControl(HttpResponseHeaders headers)
    {
        if (_options.ControlTopic is not null && headers.TryGetValues(ControlHeader, out var values)
            && string.Join(',', values) is var control && control != _control)
        {
            _control = control;
            _controlled(new ReadOnlySequence<byte>(Encoding.UTF8.GetBytes(control)));
        }
    }

    private static string PathOf(string topic)
    {
        _ = Topics.TryParsePosition(topic, out var parsed);
        return parsed.RequestId is { } requestId
            ? $"/api/requests/{requestId:D}/positions"
            : $"/api/devices/{parsed.DeviceId}/positions";
    }
}
