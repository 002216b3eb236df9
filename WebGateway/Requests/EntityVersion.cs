using System.Globalization;
using Microsoft.Net.Http.Headers;

namespace ArtMqtt.WebGateway.Requests;

/// <summary>The version of a request as an entity tag (RFC 9110, section 8.8.3): <c>"7"</c>.</summary>
internal static class EntityVersion
{
    /// <summary>Says which version the answer is about.</summary>
    public static void SetVersion(this HttpResponse response, int version) =>
        response.GetTypedHeaders().ETag = TagOf(version);

    /// <summary>Whether the caller has this version already.</summary>
    public static bool HasVersion(this HttpRequest request, int version) =>
        request.GetTypedHeaders().IfNoneMatch.Any(
            known => known == EntityTagHeaderValue.Any || known.Compare(TagOf(version), useStrongComparison: false));

    /// <summary>Reads <c>If-Match</c>.</summary>
    /// <param name="request">The call.</param>
    /// <param name="version">The version the caller wants to change; null: any.</param>
    /// <returns>False when it is no version of ours.</returns>
    public static bool TryReadExpectedVersion(this HttpRequest request, out int? version)
    {
        version = null;
        var text = request.Headers.IfMatch.ToString();
        if (text.Length == 0 || text == "*")
        {
            return true;
        }

        if (text.Length > 2 && text[0] == '"' && text[^1] == '"'
            && int.TryParse(text.AsSpan(1, text.Length - 2), NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            version = number;
            return true;
        }

        return false;
    }

    private static EntityTagHeaderValue TagOf(int version) =>
        new($"\"{version.ToString(CultureInfo.InvariantCulture)}\"");
}
