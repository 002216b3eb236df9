using System.Runtime.InteropServices;

namespace ArtMqtt.Node.Draining;

/// <summary>
/// Stops the node by signals: SIGTERM hands its clients over before, SIGINT, SIGQUIT and a second SIGTERM stop it at once.
/// </summary>
internal sealed partial class NodeLifetime(
    NodeDrain drain, IHostApplicationLifetime lifetime, IHostEnvironment environment, ILogger<NodeLifetime> logger) : IHostLifetime, IDisposable
{
    private readonly List<PosixSignalRegistration> _signals = [];
    private readonly CancellationTokenSource _hurry = new();
    private Task? _draining;

    /// <inheritdoc/>
    public Task WaitForStartAsync(CancellationToken cancellationToken)
    {
        lifetime.ApplicationStarted.Register(() => LogStarted(environment.EnvironmentName));
        _signals.Add(PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal => Stop(signal, isPatient: true)));
        _signals.Add(PosixSignalRegistration.Create(PosixSignal.SIGINT, signal => Stop(signal, isPatient: false)));
        _signals.Add(PosixSignalRegistration.Create(PosixSignal.SIGQUIT, signal => Stop(signal, isPatient: false)));
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public void Dispose()
    {
        _signals.ForEach(signal => signal.Dispose());
        _hurry.Dispose();
    }

    private void Stop(PosixSignalContext signal, bool isPatient)
    {
        signal.Cancel = true;
        if (isPatient && _draining is null && lifetime.ApplicationStarted.IsCancellationRequested)
        {
            _draining = DrainAsync();
            return;
        }

        _hurry.Cancel();
        lifetime.StopApplication();
    }

    private async Task DrainAsync()
    {
        try
        {
            await drain.RunAsync(_hurry.Token);
        }
        catch (OperationCanceledException)
        {
            // Somebody cannot wait.
        }
        catch (Exception e)
        {
            LogFailed(e);
        }

        lifetime.StopApplication();
    }

    [LoggerMessage(LogLevel.Information, "Started ({Environment}); SIGTERM stops")]
    private partial void LogStarted(string environment);

    [LoggerMessage(LogLevel.Error, "Clients could not be handed over; the node stops")]
    private partial void LogFailed(Exception exception);
}
