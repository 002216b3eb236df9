using System.Data.Common;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Diagnostics;

namespace ArtMqtt.WebGateway.Errors;

/// <summary>Turns what was thrown into an answer: the caller's fault, the database's, or ours.</summary>
internal sealed partial class ExceptionProblems(ILogger<ExceptionProblems> logger) : IExceptionHandler
{
    public async ValueTask<bool> TryHandleAsync(
        HttpContext context, Exception exception, CancellationToken cancellationToken)
    {
        if (exception is OperationCanceledException && context.RequestAborted.IsCancellationRequested)
        {
            return true;
        }

        var problem = exception switch
        {
            BadHttpRequestException { InnerException: JsonException json } => Problems.Create(
                StatusCodes.Status400BadRequest, ErrorCodes.JsonMalformed, Explain(json)),
            BadHttpRequestException bad => Problems.Create(bad.StatusCode, ErrorCodes.Of(bad.StatusCode), Explain(bad)),
            DbException { IsTransient: true } => Problems.Create(
                StatusCodes.Status503ServiceUnavailable, ErrorCodes.StoreUnavailable,
                "The database does not answer; try again."),
            _ => Problems.Create(
                StatusCodes.Status500InternalServerError, ErrorCodes.InternalError, "The server failed; see its log."),
        };
        Log(exception, problem.StatusCode, context.GetEndpoint()?.DisplayName);
        await problem.ExecuteAsync(context);
        return true;
    }

    // The reader's own message names .NET types and repeats what was sent: say where it is, and what is known of it.
    private static string Explain(JsonException json) => json.Message.Contains("could not be mapped", StringComparison.Ordinal)
        ? $"The JSON has a member that is not known here ({json.Path})."
        : $"The JSON cannot be read as this request: {json.Path ?? "$"}, line {json.LineNumber + 1}.";

    // The binder's message names .NET types and members as well; the value is enough to find the parameter.
    private static string Explain(BadHttpRequestException bad)
    {
        var value = UnreadableValue().Match(bad.Message);
        return value.Success ? $"A parameter has a value that cannot be read: {value.Groups[1].Value}." : bad.Message;
    }

    [GeneratedRegex("^Failed to bind parameter .* from (\".*\")\\.$", RegexOptions.Singleline)]
    private static partial Regex UnreadableValue();

    private void Log(Exception exception, int status, string? endpoint)
    {
        if (status >= StatusCodes.Status500InternalServerError && status != StatusCodes.Status503ServiceUnavailable)
        {
            LogFailed(exception, endpoint);
        }
        else if (status == StatusCodes.Status503ServiceUnavailable)
        {
            LogStoreUnavailable(endpoint, exception.Message);
        }
        else
        {
            LogRefused(endpoint, exception.Message);
        }
    }

    [LoggerMessage(LogLevel.Error, "{Endpoint} failed")]
    private partial void LogFailed(Exception exception, string? endpoint);

    [LoggerMessage(LogLevel.Warning, "{Endpoint} answered 503, the database does not answer: {Reason}")]
    private partial void LogStoreUnavailable(string? endpoint, string reason);

    [LoggerMessage(LogLevel.Debug, "{Endpoint} refused a request: {Reason}")]
    private partial void LogRefused(string? endpoint, string reason);
}
