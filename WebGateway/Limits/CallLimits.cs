using System.Globalization;
using System.Threading.RateLimiting;
using ArtMqtt.WebGateway.Errors;
using ArtMqtt.WebGateway.Live;
using ArtMqtt.WebGateway.Security;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.Options;

namespace ArtMqtt.WebGateway.Limits;

/// <summary>Decides which calls are one too many. Pages, health and what is for anybody are not counted.</summary>
internal sealed class CallLimits(IOptions<RateLimitOptions> options, GatewayMetrics metrics)
{
    private const int SecondsPerMinute = 60;

    /// <summary>What a call counts against.</summary>
    public RateLimitPartition<(CallClass Class, string Caller)> PartitionOf(HttpContext context)
    {
        var metadata = context.GetEndpoint()?.Metadata;
        if (metadata?.GetMetadata<LimitedCalls>() is not { } limited || metadata.GetMetadata<IAuthorizeData>() is null
            || options.Value.Of(limited.Of(context.Request)) is not (> 0 and var perMinute))
        {
            return RateLimitPartition.GetNoLimiter((default(CallClass), ""));
        }

        return RateLimitPartition.GetTokenBucketLimiter(
            (limited.Of(context.Request), CallerOf(context)), _ => BucketOf(perMinute));
    }

    /// <summary>Answers a call that was one too many.</summary>
    public async ValueTask RefuseAsync(OnRejectedContext rejected)
    {
        var context = rejected.HttpContext;
        metrics.Refused(NameOf(context.GetEndpoint()!.Metadata.GetMetadata<LimitedCalls>()!.Of(context.Request)));
        var wait = rejected.Lease.TryGetMetadata(MetadataName.RetryAfter, out var time) ? time : TimeSpan.FromSeconds(1);
        var seconds = Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds));
        context.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        await Problems.Create(
            StatusCodes.Status429TooManyRequests, ErrorCodes.TooManyCalls,
            $"Too many calls of this kind; try again in {seconds} s.").ExecuteAsync(context);
    }

    private static string CallerOf(HttpContext context)
    {
        var user = context.User;
        return user.Subject() is { } subject && user.MayReadAll() ? $"{user.Word()} {user.Tenant()} {subject}"
            : user.DeviceId() is { } deviceId ? $"device {deviceId}"
            // Many share the token of dispatchers, and the link of a customer.
            : $"{user.RequestId()} {user.MayReadAll()} {CallerAddress.Of(context)}";
    }

    private static TokenBucketRateLimiterOptions BucketOf(int perMinute) => new()
    {
        TokenLimit = perMinute,
        TokensPerPeriod = Math.Max(1, perMinute / SecondsPerMinute),
        ReplenishmentPeriod = TimeSpan.FromSeconds(Math.Max(1.0, (double)SecondsPerMinute / perMinute)),
        QueueLimit = 0,
        AutoReplenishment = false,
    };

    private static string NameOf(CallClass cost) => cost switch
    {
        CallClass.Export => "export",
        CallClass.Change => "change",
        _ => "read",
    };
}
