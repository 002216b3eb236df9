using ArtMqtt.Store.Requests;
using ArtMqtt.WebGateway.Paging;

namespace ArtMqtt.WebGateway.Requests;

/// <summary>Where a page of requests ends: creation time and id, so that paging is stable while requests come in.</summary>
internal readonly record struct PageCursor(DateTimeOffset CreatedAt, Guid RequestId)
{
    public static PageCursor Of(RequestRecord request) => new(request.CreatedAt, request.RequestId);

    public static bool TryParse(string text, out PageCursor cursor)
    {
        cursor = default;
        if (!PageMark.TryParse(text, out var mark) || !Guid.TryParseExact(mark.Name, "N", out var requestId))
        {
            return false;
        }

        cursor = new PageCursor(mark.At, requestId);
        return true;
    }

    public override string ToString() => new PageMark(CreatedAt, RequestId.ToString("N")).ToString();
}
