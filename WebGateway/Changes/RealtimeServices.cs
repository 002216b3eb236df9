using ArtMqtt.Store;
using ArtMqtt.Store.Changes;

namespace ArtMqtt.WebGateway.Changes;

/// <summary>Registration of row changes, broadcasts and presence.</summary>
internal static class RealtimeServices
{
    public static void AddChanges(this WebApplicationBuilder builder)
    {
        builder.Services.AddOptionsWithValidateOnStart<ChangeOptions>()
            .BindConfiguration(ChangeOptions.Section)
            .ValidateDataAnnotations();
        builder.Services.AddSingleton<ChangeMetrics>();
        builder.Services.AddSingleton<ChangeHub>();
        builder.Services.AddSingleton<IChangeConsumer>(provider => provider.GetRequiredService<ChangeHub>());
        builder.Services.AddSingleton<Rooms>();
        builder.Services.AddSingleton<ChannelDoor>();
        builder.Services.AddSingleton<RealtimeEndpoint>();
        if (IsEnabled(builder.Configuration))
        {
            builder.Services.AddChangeFeed();
        }
    }

    public static void MapChanges(this WebApplication app)
    {
        if (IsEnabled(app.Configuration))
        {
            var endpoint = app.Services.GetRequiredService<RealtimeEndpoint>();
            var pipeline = ((IEndpointRouteBuilder)app).CreateApplicationBuilder();
            pipeline.UseWebSockets();
            pipeline.Run(endpoint.ServeAsync);
            app.Map(RealtimeEndpoint.Path, pipeline.Build()).AllowAnonymous();
        }
    }

    private static bool IsEnabled(IConfiguration configuration) =>
        configuration.GetSection(ChangeOptions.Section).GetValue(nameof(ChangeOptions.Enabled), defaultValue: true);
}
