using System.Net;
using System.Net.Sockets;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace ArtMqtt.Broker.FrontDoors;

/// <summary>
/// Counts wrong credentials per address (IPv6: per /64). Right ones still work when the number is used up, so
/// neighbours behind one address go on.
/// </summary>
internal sealed class FailedCallers(IOptions<FrontDoorOptions> options) : IDisposable
{
    private readonly PartitionedRateLimiter<string> _limiter = PartitionedRateLimiter.Create<string, string>(
        address => RateLimitPartition.GetFixedWindowLimiter(address, _ => new FixedWindowRateLimiterOptions
        {
            PermitLimit = options.Value.FailedAttemptsPerMinute,
            Window = TimeSpan.FromMinutes(1),
        }));

    /// <summary>Counts one; false when the address had used up its number before.</summary>
    public bool TryCount(HttpContext context)
    {
        using var lease = _limiter.AttemptAcquire(AddressOf(context));
        return lease.IsAcquired;
    }

    public void Dispose() => _limiter.Dispose();

    private static string AddressOf(HttpContext context)
    {
        var address = context.Connection.RemoteIpAddress ?? IPAddress.None;
        if (address.IsIPv4MappedToIPv6)
        {
            address = address.MapToIPv4();
        }

        return address.AddressFamily == AddressFamily.InterNetworkV6
            ? Convert.ToHexString(address.GetAddressBytes().AsSpan(0, 8))
            : address.ToString();
    }
}
