using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace ArtMqtt.TestKit.Chaos;

/// <summary>
/// A network that misbehaves at random: it refuses, cuts, half-closes, stalls, delays, and blocks WebSockets. What happens
/// to the n-th connection follows from the seed. Calm until it is let loose. Listens on loopback, on a port of its own.
/// </summary>
public sealed class ChaosProxy : IAsyncDisposable
{
    private readonly int _target;
    private readonly int _seed;
    private readonly TcpListener _listener;
    private readonly CancellationTokenSource _end = new();
    private readonly ConcurrentDictionary<ChaosFault, int> _faults = [];
    private readonly Task _accepting;
    private readonly ConcurrentDictionary<ChaosLink, bool> _links = [];
    private volatile ChaosPlan? _always = ChaosPlan.Calm;

    /// <summary>Starts it in front of this port of loopback.</summary>
    public ChaosProxy(int target, int seed)
    {
        (_target, _seed, Port) = (target, seed, Ports.Free());
        _listener = new TcpListener(IPAddress.Loopback, Port);
        _listener.Start();
        _accepting = AcceptAsync();
    }

    /// <summary>Where to connect to.</summary>
    public int Port { get; }

    /// <summary>How often each fault has come true.</summary>
    public IReadOnlyDictionary<ChaosFault, int> Faults => _faults;

    /// <summary>The faults as a line of text.</summary>
    public override string ToString() =>
        string.Join(", ", _faults.OrderBy(fault => fault.Key).Select(fault => $"{fault.Key} {fault.Value}"));

    /// <summary>Cuts what is connected; from now on connections have their plans.</summary>
    public void LetLoose()
    {
        _always = null;
        CutAll();
    }

    /// <summary>Cuts what is connected; from now on nothing happens but this to WebSockets, until the next call.</summary>
    public void Block(ChaosFault upgradeFault)
    {
        _always = ChaosPlan.Calm with { UpgradeFault = upgradeFault };
        CutAll();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _accepting;
        _listener.Stop();
        _end.Dispose();
    }

    private async Task AcceptAsync()
    {
        var running = new List<Task>();
        try
        {
            for (var number = 0; ; number++)
            {
                var client = await _listener.AcceptSocketAsync(_end.Token);
                var plan = _always ?? ChaosPlan.Draw(new Random(unchecked((_seed * 7_919) + number)));
                if (plan.Fault == ChaosFault.Refuse)
                {
                    Count(ChaosFault.Refuse);
                    client.Close(0);
                    _listener.Stop();
                    await Task.Delay(plan.Pause, TimeProvider.System, _end.Token);
                    _listener.Start();
                    continue;
                }

                running.Add(ServeAsync(new ChaosLink(client, _target, plan, Count)));
                running.RemoveAll(task => task.IsCompletedSuccessfully);
            }
        }
        catch (OperationCanceledException)
        {
            // Disposed.
        }

        await Task.WhenAll(running);
    }

    private async Task ServeAsync(ChaosLink link)
    {
        _links.TryAdd(link, true);
        using (link)
        {
            await link.RunAsync(_end.Token);
        }

        _links.TryRemove(link, out _);
    }

    private void CutAll()
    {
        foreach (var link in _links.Keys)
        {
            link.Dispose();
        }
    }

    private void Count(ChaosFault fault) => _faults.AddOrUpdate(fault, 1, (_, count) => count + 1);
}
