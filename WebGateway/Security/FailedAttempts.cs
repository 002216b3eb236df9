using System.Threading.RateLimiting;
using Microsoft.Extensions.Options;

namespace ArtMqtt.WebGateway.Security;

/// <summary>
/// Counts refused tokens per address. An address that used up its number gets 429 for wrong tokens, and no look-up in
/// the database; a right token that can be checked in memory still works, so neighbours behind one address go on.
/// </summary>
internal sealed class FailedAttempts(IOptions<SecurityOptions> options) : IDisposable
{
    private readonly PartitionedRateLimiter<string> _limiter = PartitionedRateLimiter.Create<string, string>(
        address => RateLimitPartition.GetFixedWindowLimiter(address, _ => new FixedWindowRateLimiterOptions
        {
            PermitLimit = options.Value.FailedAttemptsPerMinute,
            Window = TimeSpan.FromMinutes(1),
        }));

    public bool IsExhausted(HttpContext context)
    {
        using var lease = _limiter.AttemptAcquire(CallerAddress.Of(context), permitCount: 0);
        return !lease.IsAcquired;
    }

    public void Count(HttpContext context) => _limiter.AttemptAcquire(CallerAddress.Of(context)).Dispose();

    public void Dispose() => _limiter.Dispose();
}
