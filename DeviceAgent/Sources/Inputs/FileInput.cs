namespace ArtMqtt.DeviceAgent.Sources.Inputs;

/// <summary>A recording in a file.</summary>
internal sealed class FileInput(string path) : IReceiverInput
{
    /// <inheritdoc/>
    public string Name => path;

    /// <inheritdoc/>
    public bool IsLive => false;

    /// <inheritdoc/>
    public ValueTask<Stream> OpenAsync(CancellationToken cancellationToken)
    {
        try
        {
            return new(new FileStream(
                path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, 1 << 16, useAsync: true));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SourceException($"{path}: {e.Message}", e);
        }
    }
}
