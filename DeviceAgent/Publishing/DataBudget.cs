namespace ArtMqtt.DeviceAgent.Publishing;

/// <summary>
/// Keeps a metered network below so many bytes in any 24 hours. What may be spent grows evenly, so the last hour of a
/// day is served as the first; after a start nothing has grown yet, so restarts spend nothing twice.
/// </summary>
/// <remarks>Bytes are estimated: our own, and what TCP, TLS and the answer add.</remarks>
internal sealed class DataBudget(long dailyBytes, TimeProvider time)
{
    private const int PublishOverhead = 200;
    private const int PostOverhead = 1200;
    private const int PlainConnect = 600;
    private const int TlsConnect = 6 << 10;

    private static readonly TimeSpan _day = TimeSpan.FromDays(1);

    private readonly Lock _lock = new();
    // What may be spent at once: with what grows in a day it is the budget.
    private readonly double _most = dailyBytes / 25.0;
    private double _level;
    private long _at = time.GetTimestamp();

    /// <summary>Bytes spent so far.</summary>
    public long Spent { get; private set; }

    /// <summary>About what a connection costs.</summary>
    public static int ConnectBytes(ServerEndpoint endpoint) => endpoint.UsesTls ? TlsConnect : PlainConnect;

    /// <summary>About what a publish costs.</summary>
    public static int PublishBytes(ServerEndpoint endpoint, SpooledPublish publish) =>
        publish.Payload.Length + publish.Topic.Length + (endpoint.IsHttp ? PostOverhead : PublishOverhead);

    /// <summary>Waits until so many bytes may be spent, and spends them.</summary>
    public async ValueTask SpendAsync(int bytes, CancellationToken cancellationToken)
    {
        while (Take(bytes) is { } wait)
        {
            await Task.Delay(wait, time, cancellationToken);
        }
    }

    // More than may be spent at once is begun when all of that is there; the rest is owed.
    private TimeSpan? Take(int bytes)
    {
        lock (_lock)
        {
            var now = time.GetTimestamp();
            var perDay = dailyBytes - _most;
            _level = Math.Min(_most, _level + (time.GetElapsedTime(_at, now) / _day * perDay));
            _at = now;
            var needed = Math.Min(bytes, _most);
            if (_level < needed)
            {
                return (_day * ((needed - _level) / perDay)) + TimeSpan.FromMilliseconds(1);
            }

            _level -= bytes;
            Spent += bytes;
            return null;
        }
    }
}
