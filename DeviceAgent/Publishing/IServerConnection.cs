using System.Net.Sockets;
using System.Net.WebSockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using MQTTnet.Exceptions;

namespace ArtMqtt.DeviceAgent.Publishing;

/// <summary>One connection to a server; used once, then replaced by a new one.</summary>
internal interface IServerConnection : IDisposable
{
    /// <summary>Where it leads.</summary>
    ServerEndpoint Endpoint { get; }

    /// <summary>Cancelled when the connection is gone.</summary>
    CancellationToken Lost { get; }

    /// <summary>Why the server ended it, when it said so; null before, and when it was just lost.</summary>
    string? Farewell { get; }

    /// <summary>Whether another client of the same name took its place.</summary>
    bool IsTakenOver { get; }

    /// <summary>How many publishes may wait for their answer.</summary>
    int Window { get; }

    /// <summary>When the server will end it, because the token is over; null when it says nothing of that.</summary>
    DateTimeOffset? Expires { get; }

    /// <summary>Whether an exception of this class means "no connection", for which trying again is the cure.</summary>
    static bool IsFailure(Exception e) => e is MqttCommunicationException or MqttProtocolViolationException
        or MqttClientNotConnectedException or MqttClientDisconnectedException
        or MqttClientUnexpectedDisconnectReceivedException
        or OperationCanceledException or TimeoutException or IOException or SocketException
        or ObjectDisposedException or HttpRequestException or WebSocketException or AuthenticationException
        or CryptographicException or UnauthorizedAccessException;

    /// <summary>Nothing came back in time.</summary>
    static TimeoutException NoAnswer(TimeSpan limit) => new($"No answer within {limit.TotalSeconds:0.#} s.");

    /// <summary>Connects; returns null, or why the server refused.</summary>
    Task<string?> ConnectAsync(CancellationToken cancellationToken);

    /// <summary>Sends; completes with the answer. Calls are sent in the order they are made.</summary>
    Task<PublishAnswer> PublishAsync(SpooledPublish publish, CancellationToken cancellationToken);

    /// <summary>Says goodbye, if there is still somebody to say it to.</summary>
    Task CloseAsync();
}
