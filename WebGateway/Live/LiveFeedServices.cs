using ArtMqtt.Contracts.Clients;
using ArtMqtt.Contracts.Nodes;
using ArtMqtt.WebGateway.Live.Fleet;
using ArtMqtt.WebGateway.Live.Journal;
using ArtMqtt.WebGateway.Live.Wire;
using MessagePack;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.SignalR;

namespace ArtMqtt.WebGateway.Live;

/// <summary>Registration of the hub and what feeds it.</summary>
internal static class LiveFeedServices
{
    public const string HubPath = "/hubs/tracking";
    private const int MaxMessageBytes = 32 * 1024;

    public static IServiceCollection AddLiveFeed(this IServiceCollection services)
    {
        services.AddOptionsWithValidateOnStart<LiveFeedOptions>()
            .BindConfiguration(LiveFeedOptions.Section)
            .ValidateDataAnnotations();
        services.AddOptionsWithValidateOnStart<FleetViewOptions>()
            .BindConfiguration(FleetViewOptions.Section)
            .ValidateDataAnnotations();
        services.AddSingleton<VehicleDirectory>();
        services.AddSingleton<FleetView>();
        services.AddHostedService(provider => provider.GetRequiredService<FleetView>());
        services.AddSingleton<CatchUp>();
        services.AddSingleton<EventPoll>();
        services.AddSingleton<WatchingConnections>();
        services.AddSingleton<IConnectedClients, HubClients>();
        services.AddSingleton(provider => new NodeFigure(
            "hubClients", () => provider.GetRequiredService<WatchingConnections>().Count));
        services.AddSingleton(provider => new NodeFigure(
            "watches", () => provider.GetRequiredService<WatchingConnections>().Watches));
        services.AddSingleton<InvocationLimit>();
        services.AddSingleton<EncodedEvents>();
        services.AddSingleton<JsonFormatterResolver>();
        services.AddSingleton<HubFaults>();
        services.AddLogging(logging => logging.AddFilter(HubFaults.Replaced, LogLevel.None));
        services.AddSingleton<HubLifetimeManager<TrackingHub>, TrackingLifetimes>();
        services.AddSignalR(options =>
        {
            options.AddFilter<InvocationLimit>();
            options.KeepAliveInterval = TimeSpan.FromSeconds(10);
            options.ClientTimeoutInterval = TimeSpan.FromSeconds(30);
            options.HandshakeTimeout = TimeSpan.FromSeconds(10);
            options.MaximumReceiveMessageSize = MaxMessageBytes;
            options.MaximumParallelInvocationsPerClient = 1;
            options.EnableDetailedErrors = false;
            options.AddFilter<HubFaults>();
        }).AddMessagePackProtocol();
        services.AddOptions<MessagePackHubProtocolOptions>().Configure<JsonFormatterResolver>((options, resolver) =>
            options.SerializerOptions = MessagePackSerializerOptions.Standard
                .WithResolver(resolver).WithSecurity(MessagePackSecurity.UntrustedData));
        return services;
    }

    public static void MapLiveFeed(this IEndpointRouteBuilder app) => app.MapHub<TrackingHub>(HubPath, options =>
    {
        // What the answer to a long poll contained is lost when the answer is, and browsers ask again without telling anybody. Who has
        // neither of these two polls with a cursor (EventPoll), which loses nothing.
        options.Transports = HttpTransportType.WebSockets | HttpTransportType.ServerSentEvents;
        options.AllowStatefulReconnects = false;
        // A connection lasts as long as the token it came with, at most; the others have no end.
        options.CloseOnAuthenticationExpiration = true;
        options.ApplicationMaxBufferSize = MaxMessageBytes;
        options.TransportMaxBufferSize = 2 * MaxMessageBytes;
    });
}
