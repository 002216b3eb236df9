using System.Diagnostics;
using System.Globalization;

namespace ArtMqtt.TestKit.Networks;

/// <summary>
/// Machines of their own on this one: network namespaces at a bridge, which the test reaches too. Needs root and <c>ip</c>.
/// Names hold the id of the test's process, so that what a killed one left behind is removed by the next.
/// </summary>
public sealed class TestNetwork : IAsyncDisposable
{
    private const string Prefix = "amq";
    private const string Filtered = "/proc/sys/net/bridge/bridge-nf-call-iptables";
    private static readonly TimeSpan _longest = TimeSpan.FromSeconds(20);

    private readonly string _name = string.Create(CultureInfo.InvariantCulture, $"{Prefix}{Environment.ProcessId}");
    private readonly string _subnet = string.Create(CultureInfo.InvariantCulture, $"10.{Random.Shared.Next(200, 250)}.{Random.Shared.Next(1, 250)}");
    private int _hosts;

    private TestNetwork()
    {
    }

    /// <summary>Why there can be none here; null when there can.</summary>
    public static async Task<string?> WhyNotAsync()
    {
        if (!Environment.IsPrivilegedProcess)
        {
            return "Network namespaces need root.";
        }

        if (File.Exists(Filtered) && (await File.ReadAllTextAsync(Filtered)).Trim() == "1")
        {
            return "What goes over bridges goes through iptables here, which Docker sets to drop it: net.bridge.bridge-nf-call-iptables is 1.";
        }

        try
        {
            var probe = string.Create(CultureInfo.InvariantCulture, $"{Prefix}{Environment.ProcessId}-probe");
            await IpAsync("netns", "add", probe);
            await IpAsync("netns", "del", probe);
            return null;
        }
        catch (Exception e) when (e is InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            return $"Network namespaces do not work here: {e.Message}";
        }
    }

    /// <summary>A network without machines.</summary>
    public static async Task<TestNetwork> CreateAsync()
    {
        await RemoveLeftoversAsync();
        var network = new TestNetwork();
        await IpAsync("link", "add", network._name, "type", "bridge");
        await IpAsync("address", "add", $"{network._subnet}.1/24", "dev", network._name);
        await IpAsync("link", "set", network._name, "up");
        return network;
    }

    /// <summary>One more machine.</summary>
    public async Task<NetworkHost> AddHostAsync()
    {
        var number = ++_hosts;
        var name = string.Create(CultureInfo.InvariantCulture, $"{_name}-{number}");
        var cable = string.Create(CultureInfo.InvariantCulture, $"{_name}p{number}");
        var address = string.Create(CultureInfo.InvariantCulture, $"{_subnet}.{number + 1}");
        await IpAsync("netns", "add", name);
        await IpAsync("link", "add", cable, "type", "veth", "peer", "name", "eth0", "netns", name);
        await IpAsync("link", "set", cable, "master", _name, "up");
        await IpAsync("-n", name, "address", "add", $"{address}/24", "dev", "eth0");
        await IpAsync("-n", name, "link", "set", "eth0", "up");
        await IpAsync("-n", name, "link", "set", "lo", "up");
        return new NetworkHost(name, cable, address);
    }

    /// <summary>Removes it; what runs on its machines has to have ended.</summary>
    public async ValueTask DisposeAsync()
    {
        for (var number = 1; number <= _hosts; number++)
        {
            await IpAsync("netns", "del", string.Create(CultureInfo.InvariantCulture, $"{_name}-{number}"));
        }

        await IpAsync("link", "del", _name);
    }

    internal static async Task<string> IpAsync(params string[] arguments)
    {
        var result = await ProcessRunner.RunAsync(new ProcessStartInfo("ip", arguments), _longest);
        return result.ExitCode == 0
            ? result.Output
            : throw new InvalidOperationException($"ip {string.Join(' ', arguments)}: {result.Error.Trim()}");
    }

    private static async Task RemoveLeftoversAsync()
    {
        var spaces = (await IpAsync("netns", "list")).Split('\n').Select(line => line.Split(' ')[0]);
        foreach (var space in spaces.Where(name => IsLeftover(name.Split('-')[0])))
        {
            await IpAsync("netns", "del", space);
        }

        var bridges = (await IpAsync("-brief", "link", "show", "type", "bridge")).Split('\n').Select(line => line.Split(' ')[0]);
        foreach (var bridge in bridges.Where(IsLeftover))
        {
            await IpAsync("link", "del", bridge);
        }
    }

    private static bool IsLeftover(string name) =>
        name.StartsWith(Prefix, StringComparison.Ordinal)
        && int.TryParse(name.AsSpan(Prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var owner)
        && !Directory.Exists($"/proc/{owner}");
}
