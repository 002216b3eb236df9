using Microsoft.AspNetCore.SignalR;

namespace ArtMqtt.WebGateway.Live;

/// <summary>
/// Logs what a hub method did not expect. SignalR's own log, which <see cref="Replaced"/> names, has an error for
/// everybody who is refused, and for everybody who leaves before he is answered.
/// </summary>
internal sealed partial class HubFaults(ILogger<HubFaults> logger) : IHubFilter
{
    /// <summary>Category of the log this one stands in for.</summary>
    public const string Replaced = "Microsoft.AspNetCore.SignalR.Internal.DefaultHubDispatcher";

    /// <inheritdoc/>
    public async ValueTask<object?> InvokeMethodAsync(
        HubInvocationContext invocationContext, Func<HubInvocationContext, ValueTask<object?>> next)
    {
        try
        {
            return await next(invocationContext);
        }
        catch (Exception e) when (e is not HubException
            && !(e is OperationCanceledException && invocationContext.Context.ConnectionAborted.IsCancellationRequested))
        {
            LogFailed(e, invocationContext.HubMethodName);
            throw;
        }
    }

    [LoggerMessage(LogLevel.Error, "{Method} failed; its caller was told nothing but that")]
    private partial void LogFailed(Exception exception, string method);
}
