using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace ArtMqtt.Live;

/// <summary>Drops idle streams, four times per <see cref="LiveOptions.IdleAfter"/>.</summary>
internal sealed class IdleStreamSweeper(
    MemoryLiveStreams streams, IOptions<LiveOptions> options, TimeProvider time) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.IdleAfter / 4, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            streams.EvictIdle();
        }
    }
}
