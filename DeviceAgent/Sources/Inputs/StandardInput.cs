namespace ArtMqtt.DeviceAgent.Sources.Inputs;

/// <summary>What another program writes into this one. It ends with that program.</summary>
internal sealed class StandardInput(Func<Stream> open) : IReceiverInput
{
    /// <inheritdoc/>
    public string Name => "standard input";

    /// <inheritdoc/>
    public bool IsLive => false;

    /// <inheritdoc/>
    public ValueTask<Stream> OpenAsync(CancellationToken cancellationToken) => new(open());
}
