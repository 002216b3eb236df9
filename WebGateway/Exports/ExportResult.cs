using System.Globalization;
using ArtMqtt.WebGateway.Errors;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;

namespace ArtMqtt.WebGateway.Exports;

/// <summary>
/// Streams positions as a file: read from the database as its reader takes them. What goes wrong before the first byte is
/// an error; after it the transfer breaks off, so that a part is never taken for the whole.
/// </summary>
internal sealed partial class ExportResult(IExportSource source, ExportFormat format, TimeSpan maxGap) : IResult
{
    /// <summary>How many positions there were when the export began.</summary>
    public const string CountHeader = "X-Position-Count";

    public async Task ExecuteAsync(HttpContext context)
    {
        var limit = context.RequestServices.GetRequiredService<IOptions<ExportOptions>>().Value.MaxPositions;
        using var slot = context.RequestServices.GetRequiredService<ExportSlots>().TryTake();
        if (slot is null)
        {
            await Problems.TooManyExports().ExecuteAsync(context);
        }
        else if (await source.CountAsync(limit + 1, context.RequestAborted) is var count && count > limit)
        {
            await Problems.ExportTooLarge(limit).ExecuteAsync(context);
        }
        else
        {
            // About so many: others may be stored meanwhile.
            context.Response.Headers[CountHeader] = count.ToString(CultureInfo.InvariantCulture);
            await WriteAsync(context, limit);
        }
    }

    private async Task WriteAsync(HttpContext context, int limit)
    {
        var (response, cancellationToken) = (context.Response, context.RequestAborted);
        await using var rows = source.ReadAsync(limit + 1, cancellationToken).GetAsyncEnumerator(cancellationToken);
        // The first row before the first byte: when the database fails here, the answer can still be an error.
        var hasRow = await rows.MoveNextAsync();

        response.ContentType = format.MediaType + format.Parameters;
        response.Headers.ContentDisposition =
            new ContentDispositionHeaderValue("attachment") { FileName = source.FileName + format.Extension }.ToString();
        response.Headers.CacheControl = "no-store";
        // What fails from here on breaks the transfer: an error would follow what was written already.
        await response.StartAsync(cancellationToken);
        var writer = format.Create(response.BodyWriter, source.Title, maxGap);
        await writer.BeginAsync(cancellationToken);
        for (var count = 0; hasRow; count++)
        {
            if (count == limit)
            {
                // More were stored since they were counted.
                LogCutOff(context.RequestServices.GetRequiredService<ILogger<ExportResult>>(), limit);
                context.Abort();
                return;
            }

            await writer.AddAsync(rows.Current, cancellationToken);
            hasRow = await rows.MoveNextAsync();
        }

        await writer.EndAsync(cancellationToken);
    }

    [LoggerMessage(LogLevel.Warning, "An export was cut off: there are more than {Limit} positions by now")]
    private static partial void LogCutOff(ILogger logger, int limit);
}
