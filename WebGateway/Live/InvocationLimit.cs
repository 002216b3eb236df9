using ArtMqtt.WebGateway.Errors;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.Options;

namespace ArtMqtt.WebGateway.Live;

/// <summary>Refuses calls of a hub connection beyond <see cref="LiveFeedOptions.MaxInvocationsPerMinute"/>.</summary>
internal sealed class InvocationLimit(IOptions<LiveFeedOptions> options, GatewayMetrics metrics, TimeProvider time)
    : IHubFilter
{
    private static readonly object _key = new();

    /// <inheritdoc/>
    public ValueTask<object?> InvokeMethodAsync(
        HubInvocationContext invocationContext, Func<HubInvocationContext, ValueTask<object?>> next)
    {
        var items = invocationContext.Context.Items;
        if (!items.TryGetValue(_key, out var known))
        {
            items[_key] = known = new Budget(options.Value.MaxInvocationsPerMinute, time);
        }

        if (!((Budget)known!).TryTake())
        {
            metrics.Refused("hub");
            throw HubErrors.Create(ErrorCodes.TooManyCalls, "Too many calls on this connection; try again in a second.");
        }

        return next(invocationContext);
    }

    /// <summary>What is left to one connection; its calls come one after the other.</summary>
    private sealed class Budget(int perMinute, TimeProvider time)
    {
        private double _left = perMinute;
        private long _at = time.GetTimestamp();

        public bool TryTake()
        {
            var now = time.GetTimestamp();
            _left = Math.Min(perMinute, _left + (time.GetElapsedTime(_at, now).TotalMinutes * perMinute));
            _at = now;
            if (_left < 1)
            {
                return false;
            }

            _left--;
            return true;
        }
    }
}
