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

    /// <summary>Looks at the services when the node begins to stop.</summary>
    public static BackgroundFault Watch(WebApplication app)
    {
        var fault = new BackgroundFault();
        app.Lifetime.ApplicationStopping.Register(() => fault.Look(app.Services));
        return fault;
    }

    /// <summary>To be called after the stop.</summary>
    /// <exception cref="NodeFailedException">A service had failed.</exception>
    public void ThrowIfAny()
    {
        if (_exception is not null)
        {
            throw new NodeFailedException($"{_service}: {_exception.Message}", _exception);
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
