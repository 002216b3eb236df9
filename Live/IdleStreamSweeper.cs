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
        await using var stop = stoppingToken.UnsafeRegister(static t => ((PeriodicTimer)t!).Dispose(), timer);
        while (await timer.WaitForNextTickAsync(CancellationToken.None))
        {
            streams.EvictIdle();
        }
    }
}
