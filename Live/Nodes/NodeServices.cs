using ArtMqtt.Contracts.Devices;
using ArtMqtt.Contracts.Nodes;
using ArtMqtt.Live.Redis.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace ArtMqtt.Live.Nodes;

/// <summary>Registration of what nodes know of each other.</summary>
internal static class NodeServices
{
    /// <summary>Adds what every node has.</summary>
    public static void AddNodes(this IServiceCollection services)
    {
        services.AddOptionsWithValidateOnStart<NodesOptions>()
            .BindConfiguration(NodesOptions.Section)
            .ValidateDataAnnotations()
            .Validate(
                NodesOptions.IsInOrder, "Node:HeartbeatInterval must be shorter than Node:MissingAfter, and that than Node:ForgetAfter.");
        services.AddHealthChecks();
        services.TryAddSingleton(new NodeDescription([], [], () => false));
        services.AddSingleton<ThisNode>();
        services.AddSingleton<NodeClients>();
        services.AddSingleton<INodeAnswerer, ClientAnswerer>();
        services.AddSingleton(provider => new ClientsOfNodes(
            provider.GetRequiredService<NodeClients>(), provider.GetRequiredService<INodeLine>()));
    }

    /// <summary>Adds what a node alone has.</summary>
    public static void AddSingleNode(this IServiceCollection services)
    {
        services.AddSingleton<SingleNode>();
        services.AddSingleton<INodeList>(provider => provider.GetRequiredService<SingleNode>());
        services.AddSingleton<INodeLine>(provider => provider.GetRequiredService<SingleNode>());
    }

    /// <summary>Adds what nodes that share a Redis have.</summary>
    public static void AddRedisNodes(this IServiceCollection services)
    {
        services.AddSingleton<NodeCommands>();
        services.AddSingleton<RedisNodeList>();
        services.AddSingleton<INodeList>(provider => provider.GetRequiredService<RedisNodeList>());
        services.AddSingleton<RedisNodeLine>();
        services.AddSingleton<INodeLine>(provider => provider.GetRequiredService<RedisNodeLine>());
        services.AddHostedService(provider => provider.GetRequiredService<RedisNodeLine>());
        services.AddHostedService<NodeHeartbeat>();
        services.AddSingleton<DeviceCommands>();
        services.AddSingleton<RedisDevices>();
        services.AddSingleton<IDevicesElsewhere>(provider => provider.GetRequiredService<RedisDevices>());
        services.AddHostedService(provider => provider.GetRequiredService<RedisDevices>());
    }
}
