using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using ArtMqtt.Broker.Auth;
using ArtMqtt.Broker.Mqtt.Wire;
using ArtMqtt.Contracts.Security;
using Microsoft.Extensions.Logging;

namespace ArtMqtt.Broker.Mqtt.Connections;

/// <summary>Decides about a CONNECT: who it is, and whether it gets in. Refusals are counted, and logged now and then.</summary>
internal sealed partial class ClientAdmission(
    ClientAuthenticator authenticator, TopicPolicy policy, SignInThrottle throttle, BrokerMetrics metrics, TimeProvider time,
    ILogger<ClientAdmission> logger)
{
    private readonly LogLimiter _limiter = new(TimeSpan.FromSeconds(10), time);

    /// <summary>Decides.</summary>
    /// <param name="connect">What the client sent.</param>
    /// <param name="terms">What it would get.</param>
    /// <param name="remote">Where it comes from, for the log.</param>
    /// <param name="certificate">Its certificate, or null.</param>
    /// <param name="identity">Who it is, when it gets in.</param>
    public ReasonCode Decide(
        ConnectPacket connect, ConnectTerms terms, EndPoint? remote, X509Certificate2? certificate,
        out ClientIdentity? identity)
    {
        identity = null;
        if (connect.Properties.AuthenticationMethod is not null)
        {
            return Refuse(ReasonCode.BadAuthenticationMethod, "authentication_method", remote);
        }

        if (!terms.IsClientIdValid)
        {
            return Refuse(ReasonCode.ClientIdentifierNotValid, "client_id", remote);
        }

        var address = (remote as IPEndPoint)?.Address ?? IPAddress.None;
        if (!throttle.MayTry(address))
        {
            return Refuse(ReasonCode.ConnectionRateExceeded, "failures", remote);
        }

        if (IsSharedLink(connect.Password))
        {
            return Refuse(ReasonCode.NotAuthorized, "shared_link", remote);
        }

        var result = authenticator.Authenticate(
            new ConnectCredentials(connect.UserName, connect.Password, terms.ClientId, certificate));
        if (result.IsUnavailable)
        {
            return Refuse(ReasonCode.ServerUnavailable, "unavailable", remote);
        }

        if (result.Identity is null)
        {
            throttle.Failed(address);
            return Refuse(ReasonCode.BadUserNameOrPassword, "credentials", remote);
        }

        throttle.Succeeded(address);

        if (connect.Will is { } will && !policy.MayLeaveWill(result.Identity, will.Topic))
        {
            return Refuse(ReasonCode.NotAuthorized, "will", remote);
        }

        identity = result.Identity;
        return ReasonCode.Success;
    }

    /// <summary>Counts a CONNECT that was not even looked at, or was malformed.</summary>
    public ReasonCode Refuse(ReasonCode code, string reason, EndPoint? remote)
    {
        metrics.ConnectRefused(reason);
        if (_limiter.MayLog(out var hidden))
        {
            LogRefused(reason, remote, hidden);
        }

        return code;
    }

    // Topics carry more than a link shows, and the broker does not follow links. Wrong or right makes no difference, so there
    // is nothing to learn here.
    private static bool IsSharedLink(ReadOnlySpan<byte> password) =>
        password.Length <= 32 && ShareToken.TryParse(Encoding.UTF8.GetString(password), out _);

    [LoggerMessage(LogLevel.Information, "Refused a connect from {Remote}: {Reason} ({Hidden} others since the last line)")]
    private partial void LogRefused(string reason, EndPoint? remote, long hidden);
}
