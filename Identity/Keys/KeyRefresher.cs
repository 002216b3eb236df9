using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ArtMqtt.Identity.Keys;

/// <summary>
/// Reads the authority's keys at the start, every <see cref="TokenOptions.RefreshInterval"/>, and when a token has an
/// unknown one; never more often than <see cref="TokenOptions.MinRefreshInterval"/>.
/// </summary>
internal sealed partial class KeyRefresher(
    KeySource source, KeyRing ring, IOptions<TokenOptions> options, TimeProvider time, ILogger<KeyRefresher> logger)
    : BackgroundService
{
    private bool _isAway;

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!options.Value.HasAuthority)
        {
            return;
        }

        while (!stoppingToken.IsCancellationRequested)
        {
            await ReadAsync(stoppingToken);
            ring.Wanted.TryRead(out _);
            try
            {
                await Task.Delay(options.Value.MinRefreshInterval, time, stoppingToken);
                await WaitAsync(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
        }
    }

    private async Task ReadAsync(CancellationToken stoppingToken)
    {
        try
        {
            var (issuer, keys) = await source.ReadAsync(stoppingToken);
            ring.Replace(issuer, keys);
            if (_isAway || keys.Count == 0)
            {
                LogRead(keys.Count);
            }

            _isAway = false;
        }
        catch (Exception e) when (e is HttpRequestException or FormatException
            || (e is OperationCanceledException && !stoppingToken.IsCancellationRequested))
        {
            ring.Keep();
            if (!_isAway)
            {
                LogAway(e.Message);
            }

            _isAway = true;
        }
        catch (OperationCanceledException)
        {
            // The node stops.
        }
    }

    // Away: again after the least time. Otherwise until somebody wants it or its time has come.
    private async Task WaitAsync(CancellationToken stoppingToken)
    {
        if (_isAway)
        {
            return;
        }

        using var interval = new CancellationTokenSource(options.Value.RefreshInterval, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken, interval.Token);
        try
        {
            await ring.Wanted.WaitToReadAsync(either.Token);
        }
        catch (OperationCanceledException) when (!stoppingToken.IsCancellationRequested)
        {
            // Its time has come.
        }
    }

    [LoggerMessage(LogLevel.Information, "The authority answers; it has {Count} keys for tokens")]
    private partial void LogRead(int count);

    [LoggerMessage(LogLevel.Warning, "The keys for tokens could not be read ({Reason}); the last ones stay, will try again")]
    private partial void LogAway(string reason);
}
