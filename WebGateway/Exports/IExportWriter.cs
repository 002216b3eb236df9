namespace ArtMqtt.WebGateway.Exports;

/// <summary>
/// Writes positions into a file of one format. It is whole only after <see cref="EndAsync"/>: when that is not called, what
/// was written must not be taken for a shorter file.
/// </summary>
internal interface IExportWriter
{
    /// <summary>Writes what stands before the positions.</summary>
    ValueTask BeginAsync(CancellationToken cancellationToken);

    /// <summary>Writes one, and waits while the reader is behind.</summary>
    ValueTask AddAsync(ExportedPosition position, CancellationToken cancellationToken);

    /// <summary>Writes what stands behind them.</summary>
    ValueTask EndAsync(CancellationToken cancellationToken);
}
