using System.Text.Json.Serialization;
using ArtMqtt.Contracts.Clients;
using ArtMqtt.WebGateway.Arrival;
using ArtMqtt.WebGateway.Changes;
using ArtMqtt.WebGateway.Clients;
using ArtMqtt.WebGateway.Devices;
using ArtMqtt.WebGateway.Dispatch;
using ArtMqtt.WebGateway.Erasures;
using ArtMqtt.WebGateway.Errors;
using ArtMqtt.WebGateway.Eta;
using ArtMqtt.WebGateway.Explorer;
using ArtMqtt.WebGateway.Exports;
using ArtMqtt.WebGateway.Geofences;
using ArtMqtt.WebGateway.Letters;
using ArtMqtt.WebGateway.Limits;
using ArtMqtt.WebGateway.Live;
using ArtMqtt.WebGateway.Live.Journal;
using ArtMqtt.WebGateway.Operations;
using ArtMqtt.WebGateway.Pages;
using ArtMqtt.WebGateway.Requests;
using ArtMqtt.WebGateway.Routes;
using ArtMqtt.WebGateway.Security;
using ArtMqtt.WebGateway.Sharing;
using ArtMqtt.WebGateway.Tokens;
using ArtMqtt.WebGateway.Webhooks;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace ArtMqtt.WebGateway;

/// <summary>Registration of the gateway: REST, live hub, pages.</summary>
public static class GatewayServices
{
    private const int MaxBodyBytes = 64 * 1024;

    /// <summary>Adds the gateway; needs the store, the live streams and the credentials beside it.</summary>
    public static WebApplicationBuilder AddGateway(this WebApplicationBuilder builder)
    {
        // These log whole addresses, and that of the hub holds a token.
        builder.Logging.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.Warning);
        // A line for each wrong token is for who debugs; they are limited and answered with 401 and 429.
        builder.Logging.AddFilter(typeof(AccessTokenHandler).FullName, LogLevel.Warning);
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.AddOptionsWithValidateOnStart<GatewayOptions>()
            .BindConfiguration(GatewayOptions.Section)
            .Validate(GatewayOptions.IsValid, "Gateway:PublicUrl must be an http(s) address without query.");
        builder.Services.ConfigureHttpJsonOptions(options =>
        {
            options.SerializerOptions.UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow;
            options.SerializerOptions.NumberHandling = JsonNumberHandling.Strict;
            options.SerializerOptions.AllowDuplicateProperties = false;
            options.SerializerOptions.RespectNullableAnnotations = true;
            options.SerializerOptions.RespectRequiredConstructorParameters = true;
        });
        builder.Services.Configure<RouteHandlerOptions>(options => options.ThrowOnBadRequest = true);
        builder.Services.AddProblemDetails(options => options.CustomizeProblemDetails = Problems.Complete);
        builder.Services.AddExceptionHandler<ExceptionProblems>();
        builder.Services.AddGatewaySecurity();
        builder.Services.AddCallLimits();
        builder.Services.AddOptionsWithValidateOnStart<DeviceOptions>()
            .BindConfiguration(DeviceOptions.Section)
            .ValidateDataAnnotations();
        builder.Services.AddSingleton<Departures>();
        builder.Services.AddSingleton<IMovableClients>(provider => provider.GetRequiredService<Departures>());
        builder.AddLiveWork();
        builder.Services.AddLiveFeed();
        builder.AddChanges();
        builder.Services.AddSingleton<LetterRetry>();
        builder.Services.AddSingleton<NodeMeters>();
        builder.Services.AddHostedService(provider => provider.GetRequiredService<NodeMeters>());
        builder.Services.AddSingleton<RequestCreation>();
        builder.Services.AddDispatch();
        builder.Services.AddSingleton<TrackingLinks>();
        builder.Services.AddSharing();
        builder.Services.AddWebhooks();
        builder.Services.AddExports();
        builder.Services.AddPages();
        builder.Services.AddExplorer();
        return builder;
    }

    /// <summary>
    /// Adds what is done with live events on the node that publishes them, and on no other: journal, arrivals, ETA. A gateway has
    /// it; a node that takes positions and is none needs it too. Needs the store and the live streams beside it.
    /// </summary>
    public static WebApplicationBuilder AddLiveWork(this WebApplicationBuilder builder)
    {
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<GatewayMetrics>();
        builder.Services.AddSingleton<StreamSeeder>();
        builder.Services.AddOptionsWithValidateOnStart<JournalOptions>()
            .BindConfiguration(JournalOptions.Section)
            .ValidateDataAnnotations();
        builder.Services.AddSingleton<JournalWriter>();
        builder.Services.AddHostedService(provider => provider.GetRequiredService<JournalWriter>());
        builder.Services.AddSingleton<RequestChanges>();
        builder.Services.AddOptionsWithValidateOnStart<ArrivalOptions>()
            .BindConfiguration(ArrivalOptions.Section)
            .ValidateDataAnnotations();
        builder.Services.AddHostedService<ArrivalService>();
        builder.Services.AddEta();
        return builder;
    }

    /// <summary>Adds the gateway's middleware and endpoints.</summary>
    public static WebApplication MapGateway(this WebApplication app)
    {
        app.Use(app.Services.GetRequiredService<SecurityHeaders>().InvokeAsync);
        app.UseExceptionHandler();
        app.UseStatusCodePages();
        app.UsePages();
        app.UseCors();
        app.UseAuthentication();
        app.UseRateLimiter();
        app.UseAuthorization();
        app.Use(app.Services.GetRequiredService<TokenHolders>().InvokeAsync);
        app.Use(app.Services.GetRequiredService<TenantGate>().InvokeAsync);

        var api = app.MapGroup("")
            .WithMetadata(new RequestSizeLimitAttribute(MaxBodyBytes), new LimitedCalls())
            .RequireCors(Policies.OtherSites);
        api.MapDevices();
        api.MapDeviceHealth();
        api.MapClients();
        api.MapLetters();
        api.MapSystem();
        api.MapNodes();
        api.MapRequests();
        api.MapRequestEvents();
        api.MapNearest();
        api.MapShares();
        api.MapIssuedShares();
        api.MapEvents();
        api.MapErasures();
        api.MapTokens();
        api.MapRoutes();
        api.MapHistory();
        api.MapFleetPositions();
        api.MapExports();
        api.MapWebhooks();
        api.MapGeofences();
        api.MapMap();
        app.MapLiveFeed();
        app.MapChanges();
        app.MapExplorer();
        app.MapPages();
        return app;
    }
}
