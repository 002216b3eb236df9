using ArtMqtt.Contracts.Positions;
using ArtMqtt.Spool;
using ArtMqtt.TestKit;
using Microsoft.Extensions.Logging.Abstractions;

namespace ArtMqtt.Ingest.Tests;

/// <summary>The spool of the product, in a folder of its own.</summary>
internal sealed class DiskSpool : IAsyncDisposable
{
    private readonly TestFolder _folder = new();

    public DiskSpool() => Spool = DurableSpool.Open(
        new SpoolOptions { Folder = Path.Combine(_folder.Path, "spool") }, TimeProvider.System,
        NullLogger<DurableSpool>.Instance);

    /// <summary>The spool.</summary>
    public ISpool Spool { get; }

    /// <summary>Appends publishes side by side, as many devices do; returns when all are safe.</summary>
    public Task AppendAsync(IEnumerable<ReceivedPositions> publishes) => Task.WhenAll(publishes.Select(
        publish => Spool.AppendAsync(SpoolRecord.Encode(publish), TestContext.Current.CancellationToken).AsTask()));

    public async ValueTask DisposeAsync()
    {
        await Spool.DisposeAsync();
        _folder.Dispose();
    }
}
