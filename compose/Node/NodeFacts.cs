using System.Net;
using System.Security.Cryptography;
using System.Text;
using ArtMqtt.Broker;
using ArtMqtt.Broker.Tls;
using ArtMqtt.Contracts.Nodes;
using ArtMqtt.Node.Draining;
using ArtMqtt.Node.Http;
using ArtMqtt.Spool;
using Microsoft.Extensions.Options;

namespace ArtMqtt.Node;

/// <summary>What a node tells the others of itself.</summary>
internal static class NodeFacts
{
    /// <summary>Adds its roles and addresses, and what waits in its spool.</summary>
    public static void AddNodeFacts(this WebApplicationBuilder builder, NodeOptions node)
    {
        builder.Services.AddSingleton(provider => new NodeDescription(
            [.. node.Roles.ToString().ToLowerInvariant().Split(", ")], [.. AddressesOf(provider, node)],
            () => provider.GetRequiredService<NodeDrain>().IsBegun));
        if (node.Has(NodeRoles.Broker | NodeRoles.Ingest))
        {
            builder.Services.AddSingleton(provider => new NodeFigure(
                "spoolRecords", () => provider.GetRequiredService<ISpool>().Status.Records));
            builder.Services.AddSingleton(provider => new NodeFigure(
                "spoolBytes", () => provider.GetRequiredService<ISpool>().Status.Bytes));
        }
    }

    /// <summary>Name of a node that was given none: the same after a restart, another for another node of the machine.</summary>
    public static string NameOf(NodeOptions node)
    {
        var folder = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(node.DataFolder)).AsSpan(0, 2));
        var machine = string.Concat(Environment.MachineName.ToLowerInvariant().Where(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.'));
        return $"{machine[..Math.Min(machine.Length, 58)]}-{folder}";
    }

    private static IEnumerable<string> AddressesOf(IServiceProvider provider, NodeOptions node)
    {
        var http = provider.GetRequiredService<IOptions<HttpOptions>>().Value;
        yield return Address("http", http.Address, http.Port);
        if (node.Has(NodeRoles.Broker))
        {
            var (mqtt, tls) = (provider.GetRequiredService<IOptions<BrokerOptions>>().Value, provider.GetRequiredService<IOptions<BrokerTlsOptions>>().Value);
            if (mqtt.Port > 0)
            {
                yield return Address("mqtt", mqtt.Address, mqtt.Port);
            }

            if (tls.Port > 0)
            {
                yield return Address("mqtts", mqtt.Address, tls.Port);
            }
        }
    }

    private static string Address(string scheme, string address, int port)
    {
        var listening = IPAddress.Parse(address);
        var host = listening.Equals(IPAddress.Any) || listening.Equals(IPAddress.IPv6Any) ? Environment.MachineName : address;
        return new UriBuilder(scheme, host, port).Uri.GetLeftPart(UriPartial.Authority);
    }
}
