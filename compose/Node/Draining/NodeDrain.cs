using ArtMqtt.Contracts.Clients;
using Microsoft.Extensions.Options;

namespace ArtMqtt.Node.Draining;

/// <summary>Hands the clients of a node to the other ones before it stops: first it is not ready any more, then they go in small groups.</summary>
internal sealed partial class NodeDrain(
    IEnumerable<IMovableClients> clients, IOptions<DrainOptions> options, IConfiguration configuration, TimeProvider time,
    ILogger<NodeDrain> logger)
{
    private static readonly TimeSpan _step = TimeSpan.FromMilliseconds(200);
    private readonly IReadOnlyList<IMovableClients> _clients = [.. clients];

    /// <summary>Whether it has begun.</summary>
    public bool IsBegun { get; private set; }

    // Clients of the only node have nowhere to go: the sooner it is back, the better.
    private bool IsUseful => _clients.Count > 0 && !string.IsNullOrEmpty(configuration.GetConnectionString("Redis"));

    /// <summary>Does it; ends at once when the token does.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        IsBegun = true;
        if (!IsUseful)
        {
            return;
        }

        LogBegun(_clients.Sum(part => part.Count), options.Value.Notice, options.Value.Spread);
        await Task.Delay(options.Value.Notice, time, cancellationToken);
        for (var left = options.Value.Spread; _clients.Any(part => part.Count > 0); left -= _step)
        {
            foreach (var part in _clients)
            {
                part.SendAway(left <= _step ? part.Count : (int)Math.Ceiling(part.Count * (_step / left)));
            }

            if (left <= _step)
            {
                break;
            }

            await Task.Delay(_step, time, cancellationToken);
        }
    }

    [LoggerMessage(LogLevel.Information, "Stopping: not ready any more; {Count} clients are sent to other nodes, after {Notice} and over {Spread}")]
    private partial void LogBegun(int count, TimeSpan notice, TimeSpan spread);
}
