using System.IO.Pipelines;

namespace ArtMqtt.WebGateway.Exports;

/// <summary>A format of exports.</summary>
/// <param name="Name">As in the query.</param>
/// <param name="Extension">Of the file, with its dot.</param>
/// <param name="MediaType">Without parameters.</param>
/// <param name="Create">Makes the writer of one file: where to, what of, and the longest gap a line goes over.</param>
internal sealed record ExportFormat(
    string Name, string Extension, string MediaType, Func<PipeWriter, string, TimeSpan, IExportWriter> Create)
{
    /// <summary>What follows the media type in <c>Content-Type</c>.</summary>
    public string Parameters { get; init; } = "";
}
