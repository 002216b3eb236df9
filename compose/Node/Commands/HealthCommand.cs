using System.CommandLine;
using System.Net;

namespace ArtMqtt.Node.Commands;

/// <summary><c>health</c>: asks the node beside it, where no shell and no curl could, as in its own image.</summary>
internal static class HealthCommand
{
    /// <summary>The verb.</summary>
    public const string Name = "health";

    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(10);

    /// <summary>Builds the verb.</summary>
    public static Command Build()
    {
        var url = new Option<string?>("--url") { Description = "address of the node; default: Http:Address and Http:Port as the node has them" };
        var command = new Command(Name, "Exit code 0: the node can serve; prints what /health/ready answers") { url };
        command.SetAction((parsed, token) => AskAsync(parsed.GetValue(url), token));
        return command;
    }

    private static async Task<int> AskAsync(string? url, CancellationToken cancellationToken)
    {
        if (!Uri.TryCreate(url ?? OwnAddress(NodeConnection.ReadSettings()), UriKind.Absolute, out var address))
        {
            throw new CommandException($"'{url}' is no address.");
        }

        using var http = new HttpClient { BaseAddress = address, Timeout = _patience };
        try
        {
            using var answer = await http.GetAsync(new Uri("health/ready", UriKind.Relative), cancellationToken);
            Console.WriteLine(await answer.Content.ReadAsStringAsync(cancellationToken));
            return answer.IsSuccessStatusCode ? 0 : 1;
        }
        catch (Exception e) when (e is HttpRequestException or NotSupportedException or TaskCanceledException)
        {
            throw new CommandException($"No node answers at {address}: {e.Message}");
        }
    }

    /// <summary>Where the node with these settings can be reached on its machine.</summary>
    internal static string OwnAddress(IConfiguration settings)
    {
        var address = IPAddress.TryParse(settings["Http:Address"], out var given) ? given : IPAddress.Loopback;
        address = address.Equals(IPAddress.Any) ? IPAddress.Loopback
            : address.Equals(IPAddress.IPv6Any) ? IPAddress.IPv6Loopback
            : address;
        var port = int.TryParse(settings["Http:Port"], out var number) ? number : 8080;
        return $"http://{new IPEndPoint(address, port)}";
    }
}
