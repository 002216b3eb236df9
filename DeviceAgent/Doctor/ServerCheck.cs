using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using ArtMqtt.DeviceAgent.Publishing;

namespace ArtMqtt.DeviceAgent.Doctor;

/// <summary>Tries each way to a server as the agent would, under a client id of its own: a running agent is not disturbed.</summary>
internal sealed class ServerCheck(PublisherOptions options, TimeSpan patience, TimeProvider time)
{
    /// <summary>Looks at all of them.</summary>
    public async IAsyncEnumerable<Finding> RunAsync(
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var reached = 0;
        foreach (var endpoint in options.Servers)
        {
            var finding = await TryAsync(endpoint, cancellationToken);
            reached += finding.Grade == Grade.Ok ? 1 : 0;
            yield return finding;
        }

        if (reached == 0)
        {
            yield return new Finding(
                Grade.Failure, "servers", "None can be used: positions are kept until one can.",
                "See above. Others may be given with --server, in the order in which they are to be tried.");
        }
    }

    private async Task<Finding> TryAsync(ServerEndpoint endpoint, CancellationToken cancellationToken)
    {
        // One way that works is enough: the others are only not as they should be.
        var grade = options.Servers.Count > 1 ? Grade.Warning : Grade.Failure;
        var subject = endpoint.ToString();
        var started = time.GetTimestamp();
        var own = options with
        {
            ClientId = $"{options.DeviceId}-doctor",
            ControlTopic = null,
            LeavesWill = false,
            ConnectTimeout = patience < options.ConnectTimeout ? patience : options.ConnectTimeout,
            SessionExpiry = TimeSpan.Zero,
        };
        try
        {
            using var connection = Create(endpoint, own);
            if (await connection.ConnectAsync(cancellationToken) is { } refusal)
            {
                return new Finding(grade, subject, $"It answers, and refuses: {refusal}.", AdviceOf(refusal, endpoint));
            }

            await connection.CloseAsync();
            var took = time.GetElapsedTime(started).TotalMilliseconds.ToString("F0", CultureInfo.InvariantCulture);
            return new Finding(Grade.Ok, subject, endpoint.IsHttp
                ? $"It answers, in {took} ms. Credentials are looked at with the first position."
                : $"Signed in as {options.DeviceId}, in {took} ms.");
        }
        catch (Exception e) when (IServerConnection.IsFailure(e))
        {
            cancellationToken.ThrowIfCancellationRequested();
            return new Finding(grade, subject, $"It cannot be reached: {e.GetBaseException().Message}", AdviceOf(e, endpoint));
        }
    }

    private IServerConnection Create(ServerEndpoint endpoint, PublisherOptions own) => endpoint.IsHttp
        ? new HttpConnection(endpoint, own, time, _ => { })
        : new MqttConnection(endpoint, own, time, _ => { });

    private static string AdviceOf(string refusal, ServerEndpoint endpoint) => refusal switch
    {
        _ when refusal.StartsWith("BadUserNameOrPassword", StringComparison.Ordinal) =>
            "Check --device and the secret, token or certificate: it is unknown, wrong, over, or the device is disabled.",
        _ when refusal.StartsWith("HTTP", StringComparison.Ordinal) =>
            $"Is it the tracking server, and is its API at {endpoint}? A proxy or captive portal may have answered.",
        _ => "Try again in a minute; what it means, docs/wire-format.md says (CONNACK).",
    };

    private static string AdviceOf(Exception exception, ServerEndpoint endpoint)
    {
        var inner = exception;
        while (inner is not (SocketException or AuthenticationException) && inner.InnerException is { } next)
        {
            inner = next;
        }

        return inner switch
        {
            SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.TryAgain or SocketError.NoData } =>
                IPAddress.TryParse(endpoint.Host, out _) ? "Check the address." : "Check the name, and that a DNS server is set.",
            SocketException { SocketErrorCode: SocketError.ConnectionRefused } =>
                $"The host is there and nobody listens on port {endpoint.Port}: check the port, and that the server runs.",
            SocketException { SocketErrorCode: SocketError.NetworkUnreachable or SocketError.HostUnreachable } =>
                "There is no network: check the modem and its SIM card.",
            AuthenticationException =>
                "The server's certificate is not believed: check the machine's clock, the host name, and --ca-file.",
            TimeoutException =>
                $"Nothing answers: port {endpoint.Port} is blocked on the way, or there is no network. Another way may work: --server any://{endpoint.Host}.",
            _ => "Check the network, and that it is what is spoken there.",
        };
    }
}
