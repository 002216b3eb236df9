using Microsoft.Extensions.Options;

namespace ArtMqtt.Broker.Intake;

/// <summary>How many bad payloads are kept, per client and in all, so that nobody fills the spool with garbage.</summary>
internal sealed class DeadLetterBudget(IOptions<BrokerOptions> options, TimeProvider time)
{
    /// <summary>Most dead letters of all clients together, per minute.</summary>
    public const int MaxInAll = 1_000;

    private static readonly TimeSpan _window = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, int> _taken = new(StringComparer.Ordinal);
    private long _started = time.GetTimestamp();
    private int _inAll;

    /// <summary>Takes one from the client's budget; false when it is used up for this minute.</summary>
    public bool TryTake(string client)
    {
        lock (_gate)
        {
            if (time.GetElapsedTime(_started) >= _window)
            {
                _started = time.GetTimestamp();
                _taken.Clear();
                _inAll = 0;
            }

            var taken = _taken.GetValueOrDefault(client);
            if (taken >= options.Value.DeadLettersPerMinute || _inAll >= MaxInAll)
            {
                return false;
            }

            _taken[client] = taken + 1;
            _inAll++;
            return true;
        }
    }
}
