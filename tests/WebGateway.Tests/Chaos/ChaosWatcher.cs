using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Net.WebSockets;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.SignalR;

namespace ArtMqtt.WebGateway.Tests.Chaos;

/// <summary>A watcher on a bad network who changes the transport whenever he likes, with one cursor.</summary>
internal sealed class ChaosWatcher : IDisposable
{
    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(20);
    private readonly ChaosBook _book;
    private readonly ChaosTransports _transports;
    private readonly Random _random;
    private readonly List<(string Name, Func<string, CancellationToken, Task> WatchAsync)> _ways;

    public ChaosWatcher(Uri address, Guid requestId, string token, string cursor, Random random)
    {
        (_book, _random) = (new ChaosBook(cursor), random);
        _transports = new ChaosTransports(address, requestId, token, _book);
        _ways =
        [
            Hub("WebSocket without negotiation, JSON", HttpTransportType.WebSockets, skipsNegotiation: true),
            Hub("WebSocket without negotiation, MessagePack", HttpTransportType.WebSockets, skipsNegotiation: true, packs: true),
            Hub("WebSocket", HttpTransportType.WebSockets),
            Hub("server-sent events", HttpTransportType.ServerSentEvents),
            Hub("whatever works", HttpTransports.All),
            ("server-sent events", _transports.StreamAsync),
            ("poll", (name, end) => _transports.PollAsync(name, waits: false, end)),
            ("poll that waits", (name, end) => _transports.PollAsync(name, waits: true, end)),
        ];
    }

    public ChaosBook Book => _book;

    /// <summary>How often each transport brought something, and how sessions ended.</summary>
    public ConcurrentDictionary<string, int> Counts { get; } = [];

    /// <summary>Watches until it has the event with this number.</summary>
    public async Task RunAsync(Task<long> last, CancellationToken cancellationToken)
    {
        while (!last.IsCompletedSuccessfully || _book.Last < last.Result)
        {
            var (name, watchAsync) = _ways[_random.Next(_ways.Count)];
            var before = _book.Numbers.Count;
            // How long he stays there is his mood, not a limit: what did not come until then comes over the next one.
            using var session = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            session.CancelAfter(TimeSpan.FromMilliseconds(_random.Next(30, 1_000)));
            try
            {
                await watchAsync(name, session.Token);
            }
            catch (Exception e) when (IsOfTheNetwork(e) && !cancellationToken.IsCancellationRequested)
            {
                Count($"  {e.GetType().Name}");
            }

            if (_book.Numbers.Count > before)
            {
                Count(name);
            }
            else
            {
                await Task.Delay(_pause, TimeProvider.System, cancellationToken);
            }
        }
    }

    public void Dispose() => _transports.Dispose();

    private (string Name, Func<string, CancellationToken, Task> WatchAsync) Hub(
        string name, HttpTransportType transports, bool skipsNegotiation = false, bool packs = false) =>
        ($"hub, {name}", (what, end) => _transports.HubAsync(what, transports, skipsNegotiation, packs, end));

    private static bool IsOfTheNetwork(Exception e) => e switch
    {
        HubException => false,
        AggregateException many => many.InnerExceptions.All(IsOfTheNetwork),
        HttpRequestException or IOException or SocketException or WebSocketException or OperationCanceledException or TimeoutException => true,
        // The connection ended while it was being opened, or before the answer to the join came.
        InvalidOperationException => true,
        _ => e.GetType().Namespace?.StartsWith("Microsoft.AspNetCore", StringComparison.Ordinal) == true,
    };

    private void Count(string what) => Counts.AddOrUpdate(what, 1, (_, count) => count + 1);
}
