using System.Globalization;
using ArtMqtt.Store.Requests;

namespace ArtMqtt.WebGateway.Requests;

/// <summary>Where a page of requests ends: creation time and id, so that paging is stable while requests come in.</summary>
internal readonly record struct PageCursor(DateTimeOffset CreatedAt, Guid RequestId)
{
    public static PageCursor Of(RequestRecord request) => new(request.CreatedAt, request.RequestId);

    public static bool TryParse(string text, out PageCursor cursor)
    {
        cursor = default;
        var separator = text.IndexOf('_', StringComparison.Ordinal);
        if (separator < 0
            || !long.TryParse(text.AsSpan(0, separator), NumberStyles.None, CultureInfo.InvariantCulture, out var ticks)
            || ticks > DateTimeOffset.MaxValue.UtcTicks
            || !Guid.TryParseExact(text.AsSpan(separator + 1), "N", out var requestId))
        {
            return false;
        }

        cursor = new PageCursor(new DateTimeOffset(ticks, TimeSpan.Zero), requestId);
        return true;
    }

    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{CreatedAt.UtcTicks}_{RequestId:N}");
}
