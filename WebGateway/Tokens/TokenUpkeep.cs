using ArtMqtt.Store;
using ArtMqtt.Store.Tokens;
using Microsoft.Extensions.Hosting;

namespace ArtMqtt.WebGateway.Tokens;

/// <summary>Forgets tokens a day after they expired, once an hour.</summary>
internal sealed partial class TokenUpkeep(IssuedTokenRepository tokens, TimeProvider time, ILogger<TokenUpkeep> logger)
    : BackgroundService
{
    private static readonly TimeSpan _every = TimeSpan.FromHours(1);
    private static readonly TimeSpan _keep = TimeSpan.FromDays(1);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(_every, time);
        await using var stop = stoppingToken.UnsafeRegister(static t => ((PeriodicTimer)t!).Dispose(), timer);
        while (await timer.WaitForNextTickAsync(CancellationToken.None))
        {
            try
            {
                await tokens.PruneAsync(time.GetUtcNow() - _keep, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e) when (StoreErrors.IsOutage(e))
            {
                LogNotForgotten(StoreFailure.Describe(e));
            }
        }
    }

    [LoggerMessage(LogLevel.Warning, "Expired tokens were not forgotten ({Reason}); trying again in an hour")]
    private partial void LogNotForgotten(string reason);
}
