using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace ArtMqtt.Live.Bench;

/// <summary>The live streams of one node.</summary>
internal sealed class LiveHost(IHost host) : IAsyncDisposable
{
    public ILiveStreams Streams { get; } = host.Services.GetRequiredService<ILiveStreams>();

    /// <param name="redis">Connection string, or null for a node that is alone.</param>
    public static async Task<LiveHost> StartAsync(string? redis)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration["ConnectionStrings:Redis"] = redis;
        builder.Services.AddLiveStreams(builder.Configuration);
        var host = builder.Build();
        await host.StartAsync();
        return new LiveHost(host);
    }

    public async ValueTask DisposeAsync()
    {
        await host.StopAsync();
        host.Dispose();
    }
}
