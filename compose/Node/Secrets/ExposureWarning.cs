namespace ArtMqtt.Node.Secrets;

/// <summary>Warns at the start about secrets that others on the machine can read.</summary>
internal sealed partial class ExposureWarning(string folder, ILogger<ExposureWarning> logger) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var path in Directory.EnumerateFiles(folder).Where(SecretFile.IsExposed))
        {
            LogExposed(path);
        }

        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    [LoggerMessage(LogLevel.Warning, "Others can read {Path}; make it yours alone with chmod 600")]
    private partial void LogExposed(string path);
}
