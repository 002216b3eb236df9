using ArtMqtt.EndToEnd.Tests.Servers;

namespace ArtMqtt.EndToEnd.Tests.Publishers;

/// <summary>Several honest devices that publish side by side.</summary>
internal sealed class HonestFleet : IAsyncDisposable
{
    private readonly CancellationTokenSource _abort =
        CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);

    private readonly List<HonestDevice> _devices;
    private readonly Task _running;

    private HonestFleet(List<HonestDevice> devices)
    {
        _devices = devices;
        _running = Task.WhenAll(devices.Select(device => Task.Run(() => device.RunAsync(_abort.Token))));
    }

    /// <summary>Positions acknowledged so far, of all devices.</summary>
    public int Acknowledged => _devices.Sum(device => device.Count);

    /// <summary>The devices' ids.</summary>
    public IReadOnlyList<string> DeviceIds => _devices.ConvertAll(device => device.DeviceId);

    /// <summary>Creates devices and lets them publish.</summary>
    /// <param name="node">Where they are created.</param>
    /// <param name="devices">How many.</param>
    /// <param name="port">TCP port of another broker to publish to; null: the node's.</param>
    public static async Task<HonestFleet> StartAsync(NodeProcess node, int devices, int? port = null)
    {
        var created = new List<HonestDevice>();
        using var dispatcher = new Dispatcher(node);
        for (var i = 0; i < devices; i++)
        {
            created.Add(new HonestDevice(port ?? node.MqttPort, await dispatcher.CreateDeviceAsync()));
        }

        return new HonestFleet(created);
    }

    /// <summary>Waits until so many more positions are acknowledged than now.</summary>
    public async Task AcknowledgedMoreAsync(int more)
    {
        var goal = Acknowledged + more;
        await Soon.TrueAsync($"{goal} acknowledged positions", () => Acknowledged >= goal || _running.IsFaulted);
        if (_running.IsFaulted)
        {
            await _running;
        }
    }

    /// <summary>No new positions; returns when everything that was sent is acknowledged.</summary>
    public async Task FinishAsync()
    {
        _devices.ForEach(device => device.Finish());
        await _running.WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);
    }

    /// <summary>Ends at once; what is not acknowledged stays so.</summary>
    public async Task AbortAsync()
    {
        await _abort.CancelAsync();
        await _running;
    }

    /// <summary>Every acknowledged position is stored once, and nothing that was never published.</summary>
    public async Task AssertStoredAsync(PositionTable table)
    {
        foreach (var device in _devices)
        {
            await device.AssertStoredAsync(table);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await AbortAsync();
        _abort.Dispose();
    }
}
