using System.Globalization;
using Microsoft.Extensions.Hosting.Systemd;

namespace ArtMqtt.DeviceAgent.Running;

/// <summary>Tells systemd, when it started us, that we are ready, and that we are still alive (<c>WatchdogSec</c>).</summary>
internal sealed class SystemdService(TimeProvider time)
{
    private static readonly ServiceState _alive = new("WATCHDOG=1");

    private readonly SystemdNotifier _notifier = new();

    /// <summary>Ready: fixes are taken and delivered.</summary>
    public void Ready() => Tell(ServiceState.Ready);

    /// <summary>About to end.</summary>
    public void Stopping() => Tell(ServiceState.Stopping);

    /// <summary>Says so as often as systemd wants to hear it, while work goes on.</summary>
    /// <param name="work">What has to go on.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task StayAliveAsync(Task work, CancellationToken cancellationToken)
    {
        if (!long.TryParse(
            Environment.GetEnvironmentVariable("WATCHDOG_USEC"), CultureInfo.InvariantCulture, out var microseconds))
        {
            return;
        }

        using var timer = new PeriodicTimer(TimeSpan.FromMicroseconds(microseconds / 2.0), time);
        try
        {
            while (!work.IsCompleted && await timer.WaitForNextTickAsync(cancellationToken))
            {
                Tell(_alive);
            }
        }
        catch (OperationCanceledException)
        {
            // It ends.
        }
    }

    private void Tell(ServiceState state)
    {
        if (_notifier.IsEnabled)
        {
            _notifier.Notify(state);
        }
    }
}
