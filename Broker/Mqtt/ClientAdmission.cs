using System.Net;
using ArtMqtt.Broker.Auth;
using Microsoft.Extensions.Logging;
using MQTTnet.Protocol;

namespace ArtMqtt.Broker.Mqtt;

/// <summary>Decides about a CONNECT: who it is, and whether it gets in. Refusals are counted, and logged now and then.</summary>
internal sealed partial class ClientAdmission(
    ClientAuthenticator authenticator, TopicPolicy policy, BrokerMetrics metrics, TimeProvider time,
    ILogger<ClientAdmission> logger)
{
    private readonly LogLimiter _limiter = new(TimeSpan.FromSeconds(10), time);

    /// <summary>Decides.</summary>
    /// <param name="terms">What the client asked for.</param>
    /// <param name="userName">MQTT user name.</param>
    /// <param name="password">MQTT password.</param>
    /// <param name="authenticationMethod">MQTT 5 enhanced authentication, which we do not have.</param>
    /// <param name="remote">Where it comes from, for the log.</param>
    /// <param name="identity">Who it is, when it gets in.</param>
    public MqttConnectReasonCode Decide(
        ConnectTerms terms, string? userName, byte[]? password, string? authenticationMethod, EndPoint? remote,
        out ClientIdentity? identity)
    {
        identity = null;
        if (!string.IsNullOrEmpty(authenticationMethod))
        {
            return Refuse(MqttConnectReasonCode.BadAuthenticationMethod, "authentication_method", remote);
        }

        if (!terms.IsClientIdValid)
        {
            return Refuse(MqttConnectReasonCode.ClientIdentifierNotValid, "client_id", remote);
        }

        var result = authenticator.Authenticate(userName, password, terms.ClientId);
        if (result.Identity is null)
        {
            return result.IsUnavailable
                ? Refuse(MqttConnectReasonCode.ServerUnavailable, "unavailable", remote)
                : Refuse(MqttConnectReasonCode.BadUserNameOrPassword, "credentials", remote);
        }

        if (terms.WillTopic is { } willTopic)
        {
            if (!policy.MayLeaveWill(result.Identity, willTopic))
            {
                return Refuse(MqttConnectReasonCode.NotAuthorized, "will", remote);
            }

            metrics.WillRemoved();
        }

        identity = result.Identity;
        return MqttConnectReasonCode.Success;
    }

    private MqttConnectReasonCode Refuse(MqttConnectReasonCode code, string reason, EndPoint? remote)
    {
        metrics.ConnectRefused(reason);
        if (_limiter.MayLog(out var hidden))
        {
            LogRefused(reason, remote, hidden);
        }

        return code;
    }

    [LoggerMessage(LogLevel.Information, "Refused a connect from {Remote}: {Reason} ({Hidden} others since the last line)")]
    private partial void LogRefused(string reason, EndPoint? remote, long hidden);
}
