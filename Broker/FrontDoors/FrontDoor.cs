using ArtMqtt.Broker.Auth;
using ArtMqtt.Broker.Intake;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ArtMqtt.Broker.FrontDoors;

/// <summary>What all front doors share: who is it, and in with it.</summary>
internal sealed partial class FrontDoor(
    ClientAuthenticator authenticator, PositionIntake intake, LivePublisher live, FailedCallers failed,
    IOptions<FrontDoorOptions> options, IOptions<BrokerOptions> broker, TimeProvider time, ILogger<FrontDoor> logger)
{
    /// <summary>Challenge of the doors for devices.</summary>
    public const string Basic = "Basic realm=\"ArtMqtt\", charset=\"UTF-8\"";

    private readonly LogLimiter _limiter = new(TimeSpan.FromSeconds(10), time);

    /// <summary>The settings.</summary>
    public FrontDoorOptions Options { get; } = options.Value;

    /// <summary>Most messages in one payload.</summary>
    public int MaxMessages { get; } = broker.Value.MaxPositionsPerPayload;

    /// <summary>Decides who the caller is.</summary>
    /// <param name="context">The call.</param>
    /// <param name="credentials">What it shows, or null.</param>
    /// <param name="challenge">What to ask for.</param>
    /// <param name="refusal">The answer when it is nobody.</param>
    public ClientIdentity? Admit(
        HttpContext context, CallerCredentials? credentials, string challenge, out IResult? refusal)
    {
        refusal = null;
        if (credentials is null)
        {
            refusal = FrontDoorProblems.TokenMissing(context, challenge);
            return null;
        }

        var userName = credentials.UserName ?? "";
        var result = authenticator.Authenticate(userName, credentials.Password, userName);
        if (result.Identity is null)
        {
            refusal = result.IsUnavailable ? FrontDoorProblems.DevicesNotLoaded(context) : Refuse(context, challenge);
        }

        return result.Identity;
    }

    /// <summary>Takes a publish in; accepted means durable.</summary>
    public async Task<IntakeResult> TakeAsync(PositionPublish publish)
    {
        // Not tied to the connection: a position that arrived is worth keeping even if its sender is gone by now.
        var result = await intake.TakeAsync(publish, CancellationToken.None);
        if (result.Live is { } location)
        {
            live.Offer(result.RequestId, location);
        }

        return result;
    }

    private IResult Refuse(HttpContext context, string challenge)
    {
        if (_limiter.MayLog(out var hidden))
        {
            LogRefused(context.Connection.RemoteIpAddress, hidden);
        }

        return failed.TryCount(context)
            ? FrontDoorProblems.TokenInvalid(context, challenge)
            : FrontDoorProblems.TooManyAttempts(context);
    }

    [LoggerMessage(LogLevel.Information, "Refused credentials over HTTP from {Remote} ({Hidden} others since the last line)")]
    private partial void LogRefused(System.Net.IPAddress? remote, long hidden);
}
