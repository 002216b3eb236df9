namespace ArtMqtt.Node;

/// <summary>
/// A background service that failed has stopped the node, which looks like a graceful stop from outside. This tells it
/// apart, so that the exit code makes a supervisor start the node again.
/// </summary>
internal sealed class BackgroundFault
{
    private Exception? _exception;
    private string? _service;

    private BackgroundFault()
    {
    }

    /// <summary>Runs the node to its end.</summary>
    /// <exception cref="NodeFailedException">A service had failed.</exception>
    public static async Task RunAsync(WebApplication app)
    {
        var fault = new BackgroundFault();
        app.Lifetime.ApplicationStopping.Register(() => fault.Look(app.Services));
        try
        {
            await app.RunAsync();
        }
        catch (OperationCanceledException) when (fault._exception is not null)
        {
            // It failed while others were still starting.
        }

        if (fault._exception is { } exception)
        {
            throw new NodeFailedException($"{fault._service}: {exception.Message}", exception);
        }
    }

    private void Look(IServiceProvider services)
    {
        foreach (var service in services.GetServices<IHostedService>().OfType<BackgroundService>())
        {
            if (service.ExecuteTask is { IsFaulted: true, Exception: { InnerException: { } exception } })
            {
                (_service, _exception) = (service.GetType().Name, exception);
            }
        }
    }
}
