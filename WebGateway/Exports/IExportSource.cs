namespace ArtMqtt.WebGateway.Exports;

/// <summary>What is exported.</summary>
internal interface IExportSource
{
    /// <summary>What people call it.</summary>
    string Title { get; }

    /// <summary>What the file is called, without the extension: <c>a-z 0-9 . _ -</c>.</summary>
    string FileName { get; }

    /// <summary>How many positions there are, counted no further than the limit.</summary>
    Task<int> CountAsync(int limit, CancellationToken cancellationToken);

    /// <summary>The positions, device after device or oldest first, read as they are asked for.</summary>
    IAsyncEnumerable<ExportedPosition> ReadAsync(int limit, CancellationToken cancellationToken);
}
