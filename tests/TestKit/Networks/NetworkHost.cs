using System.Diagnostics;

namespace ArtMqtt.TestKit.Networks;

/// <summary>A machine of its own on a <see cref="TestNetwork"/>: a namespace with one address, behind one cable.</summary>
public sealed class NetworkHost
{
    private readonly string _name;
    private readonly string _cable;

    internal NetworkHost(string name, string cable, string address) => (_name, _cable, Address) = (name, cable, address);

    /// <summary>Its address; the test itself reaches it too.</summary>
    public string Address { get; }

    /// <summary>Lets a program run there, where <paramref name="start"/> would run it on this machine.</summary>
    public void Place(ProcessStartInfo start)
    {
        string[] arguments = ["netns", "exec", _name, start.FileName, .. start.ArgumentList];
        start.FileName = "ip";
        start.ArgumentList.Clear();
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }
    }

    /// <summary>Pulls its cable: nothing comes or goes any more, and nobody is told.</summary>
    public Task PullAsync() => TestNetwork.IpAsync("link", "set", _cable, "down");

    /// <summary>Puts the cable back.</summary>
    public Task PlugAsync() => TestNetwork.IpAsync("link", "set", _cable, "up");

    /// <summary>Nothing it sends to the other one arrives any more, so no connection between them goes on. One way is cut, not both.</summary>
    public Task CutToAsync(NetworkHost other) => TestNetwork.IpAsync("-n", _name, "route", "add", "blackhole", $"{other.Address}/32");

    /// <summary>Undoes <see cref="CutToAsync"/>.</summary>
    public Task MendToAsync(NetworkHost other) => TestNetwork.IpAsync("-n", _name, "route", "del", "blackhole", $"{other.Address}/32");
}
