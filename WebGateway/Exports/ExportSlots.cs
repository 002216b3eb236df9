using Microsoft.Extensions.Options;

namespace ArtMqtt.WebGateway.Exports;

/// <summary>Room for so many exports at the same time; who finds none is told so and does not wait.</summary>
internal sealed class ExportSlots(IOptions<ExportOptions> options) : IDisposable
{
    private readonly SemaphoreSlim _free = new(options.Value.MaxConcurrent);

    /// <summary>A slot until it is disposed, or null.</summary>
    public IDisposable? TryTake() => _free.Wait(TimeSpan.Zero) ? new Slot(_free) : null;

    public void Dispose() => _free.Dispose();

    private sealed class Slot(SemaphoreSlim free) : IDisposable
    {
        public void Dispose() => free.Release();
    }
}
