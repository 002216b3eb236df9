using System.Net;
using ArtMqtt.Broker.Auth;
using ArtMqtt.Broker.Devices;
using ArtMqtt.Broker.FrontDoors;
using ArtMqtt.Broker.Intake;
using ArtMqtt.Broker.Mirror;
using ArtMqtt.Broker.Mqtt;
using ArtMqtt.Broker.Mqtt.Connections;
using ArtMqtt.Broker.Mqtt.Routing;
using ArtMqtt.Broker.Mqtt.Sessions;
using ArtMqtt.Broker.Mqtt.Storage;
using ArtMqtt.Broker.Proxies;
using ArtMqtt.Broker.Tls;
using ArtMqtt.Broker.Upstream;
using ArtMqtt.Contracts.Clients;
using ArtMqtt.Contracts.Nodes;
using ArtMqtt.Contracts.Positions;
using ArtMqtt.Identity;
using ArtMqtt.Spool;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace ArtMqtt.Broker;

/// <summary>Registration of the broker.</summary>
public static class BrokerServices
{
    // MQTT 5, section 6.
    private const string SubProtocol = "mqtt";

    /// <summary>
    /// Adds the broker with its TCP and TLS endpoints; options from the section <c>Broker</c>. Kestrel then ignores
    /// <c>urls</c>: HTTP endpoints have to be configured on Kestrel as well.
    /// </summary>
    /// <remarks>
    /// Needs <c>ISpool</c>, <c>ILiveStreams</c>, <c>IFleetDirectory</c>, <c>CredentialHasher</c>,
    /// <c>DispatcherCredential</c> and <c>AdminCredential</c>.
    /// </remarks>
    public static WebApplicationBuilder AddBroker(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddOptionsWithValidateOnStart<BrokerOptions>()
            .BindConfiguration(BrokerOptions.Section)
            .ValidateDataAnnotations()
            .Validate(o => IPAddress.TryParse(o.Address, out _), "Broker:Address must be an IP address.");
        services.AddOptionsWithValidateOnStart<BrokerStateOptions>()
            .BindConfiguration(BrokerStateOptions.Section)
            .ValidateDataAnnotations();
        services.AddOptionsWithValidateOnStart<ConformanceOptions>()
            .BindConfiguration(ConformanceOptions.Section)
            .Validate<IOptions<BrokerOptions>>(
                (conformance, broker) => !conformance.Enabled
                    || (IPAddress.TryParse(broker.Value.Address, out var address) && IPAddress.IsLoopback(address)),
                "Broker:Conformance:Enabled lets anybody in: Broker:Address must be a loopback address.");
        services.AddOptionsWithValidateOnStart<BrokerTlsOptions>()
            .BindConfiguration(BrokerTlsOptions.Section)
            .ValidateDataAnnotations();
        services.AddSingleton<IValidateOptions<BrokerTlsOptions>, BrokerTlsRules>();
        services.AddOptionsWithValidateOnStart<ProxyProtocolOptions>()
            .BindConfiguration(ProxyProtocolOptions.Section)
            .ValidateDataAnnotations()
            .Validate(ProxyProtocolOptions.AreNetworks, "Broker:ProxyProtocol:TrustedProxies must be networks, for example 10.0.0.5/32.");
        services.AddSingleton<ProxyProtocol>();
        services.AddOptionsWithValidateOnStart<SignInThrottleOptions>()
            .BindConfiguration(SignInThrottleOptions.Section)
            .ValidateDataAnnotations();
        services.AddOptionsWithValidateOnStart<SpoolOptions>().Validate<IOptions<BrokerOptions>>(
            (spool, broker) => spool.MaxRecordBytes >= SpoolRecord.MaxBytes(broker.Value.MaxPositionsPerPayload),
            "Spool:MaxRecordBytes is too small for a payload with Broker:MaxPositionsPerPayload positions.");
        services.TryAddSingleton(TimeProvider.System);
        services.AddMetrics();
        services.AddConnections();
        services.AddSingleton<BrokerMetrics>();
        services.AddTokens();
        services.AddSingleton<CertificateIdentity>().AddSingleton<ClientCertificates>().AddSingleton<TlsListener>();
        services.AddSingleton<SignInThrottle>();
        services.AddSingleton<ClientAuthenticator>().AddSingleton<TopicPolicy>().AddSingleton<Denials>().AddSingleton<ClientAdmission>();
        services.AddSingleton<SpoolGate>().AddSingleton<DeadLetterBudget>().AddSingleton<PositionIntake>();
        services.AddSingleton<TopicIndex>().AddSingleton<MessageRouter>().AddSingleton<ServerTopics>();
        services.AddSingleton(p => new RetainedMessages(Of<BrokerStateOptions>(p).MaxRetainedMessages));
        services.AddSingleton<SessionStore>().AddSingleton(Sessions);
        services.AddSingleton<ClientConnections>().AddSingleton<ClientPublishes>().AddSingleton<BrokerParts>();
        services.AddOptionsWithValidateOnStart<DeviceControlOptions>()
            .BindConfiguration(DeviceControlOptions.Section)
            .ValidateDataAnnotations();
        // Stopped behind those whose end it writes down.
        services.AddSingleton<DeviceJournal>();
        services.AddHostedService(provider => provider.GetRequiredService<DeviceJournal>());
        services.AddSingleton<DevicePresence>().AddSingleton<DeviceControl>().AddSingleton<ConnectedDevices>();
        services.AddSingleton<IConnectedClients, ConnectedClients>();
        services.AddSingleton(provider => new NodeFigure("mqttClients", () => provider.GetRequiredService<ClientConnections>().SignedIn));
        services.AddSingleton<IMovableClients, MovableConnections>();
        services.AddSingleton<MqttConnections>().AddSingleton<MqttBroker>();
        services.AddSingleton<LivePublisher>();
        services.AddHostedService(provider => provider.GetRequiredService<LivePublisher>());
        services.AddHostedService<SessionStoreWriter>();
        services.AddHostedService(provider => provider.GetRequiredService<MqttBroker>());
        services.AddHostedService<BrokerUpkeep>();
        services.AddHostedService<LiveMirror>();
        builder.AddFrontDoors();
        services.AddUpstream();
        services.AddHealthChecks().AddCheck<BrokerHealthCheck>("broker", tags: ["ready"]);
        services.AddOptions<KestrelServerOptions>()
            .Configure<IOptions<BrokerOptions>, IOptions<BrokerTlsOptions>, TlsListener, ProxyProtocol>(Listen);
        // What the operating system hands over before anybody has looked at it; a packet has to fit.
        services.AddOptions<SocketTransportOptions>().Configure<IOptions<BrokerOptions>>(
            (transport, broker) => transport.MaxReadBufferSize = 2L * broker.Value.MaxPacketBytes);
        return builder;
    }

    /// <summary>Lets browsers and phones connect by MQTT over WebSocket, subprotocol <c>mqtt</c>.</summary>
    public static IEndpointConventionBuilder MapMqttOverWebSocket(this IEndpointRouteBuilder app, string pattern = "/mqtt")
    {
        var options = app.ServiceProvider.GetRequiredService<IOptions<BrokerOptions>>().Value;
        var endpoints = app.MapConnectionHandler<MqttConnections>(pattern, endpoint =>
        {
            endpoint.Transports = HttpTransportType.WebSockets;
            endpoint.ApplicationMaxBufferSize = 2L * options.MaxPacketBytes;
            endpoint.WebSockets.SubProtocolSelector = offered => offered.Contains(SubProtocol) ? SubProtocol : null!;
        });
        endpoints.Add(CloseNegotiation);
        return endpoints;
    }

    private static SessionTable Sessions(IServiceProvider provider)
    {
        var (broker, state) = (Of<BrokerOptions>(provider), Of<BrokerStateOptions>(provider));
        return new SessionTable(
            provider.GetRequiredService<TopicIndex>(),
            new SessionLimits(broker.MaxSubscriptionsPerClient, broker.MaxQueuedPerClient, broker.MaxInFlight),
            state.MaxDetachedSessions, MayReceive(provider.GetRequiredService<TopicPolicy>()),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<SessionStore>().Mark);
    }

    private static Func<ClientIdentity, Message, bool> MayReceive(TopicPolicy policy) =>
        (client, message) => policy.MayReceive(client, message.Topic, message.Tenant);

    private static T Of<T>(IServiceProvider provider)
        where T : class => provider.GetRequiredService<IOptions<T>>().Value;

    // MQTT does not negotiate, and each call would keep a connection that nobody opened, before any sign-in.
    private static void CloseNegotiation(EndpointBuilder endpoint)
    {
        if (endpoint is RouteEndpointBuilder { RoutePattern.RawText: { } path }
            && path.EndsWith("/negotiate", StringComparison.Ordinal))
        {
            endpoint.RequestDelegate = context =>
            {
                context.Response.StatusCode = StatusCodes.Status404NotFound;
                return Task.CompletedTask;
            };
        }
    }

    private static void Listen(
        KestrelServerOptions kestrel, IOptions<BrokerOptions> options, IOptions<BrokerTlsOptions> tls, TlsListener listener,
        ProxyProtocol proxies)
    {
        var address = IPAddress.Parse(options.Value.Address);
        if (options.Value.Port > 0)
        {
            kestrel.Listen(address, options.Value.Port, endpoint =>
            {
                endpoint.UseProxyProtocol(proxies);
                endpoint.UseConnectionHandler<MqttConnections>();
            });
        }

        if (tls.Value.IsOn)
        {
            kestrel.Listen(address, tls.Value.Port, endpoint =>
            {
                endpoint.UseProxyProtocol(proxies);
                endpoint.UseHttps(listener.CreateOptions());
                endpoint.UseConnectionHandler<MqttConnections>();
            });
        }
    }

    private static void UseProxyProtocol(this ListenOptions endpoint, ProxyProtocol proxies)
    {
        if (proxies.IsOn)
        {
            endpoint.Use(proxies.Wrap);
        }
    }
}
