using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.StaticFiles;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace ArtMqtt.WebGateway.Pages;

/// <summary>
/// The build lays a <c>.br</c> and a <c>.gz</c> beside each text file. Who accepts one gets that file, with its own
/// length, ETag and ranges, as if it had asked for it; nothing is compressed while somebody waits.
/// </summary>
internal sealed class CompressedFiles(IFileProvider files, IContentTypeProvider types) : IContentTypeProvider
{
    // The best first: of those that a browser accepts it does not care which.
    private static readonly (string Suffix, string Coding)[] _known = [(".br", "br"), (".gz", "gzip")];

    /// <summary>Takes the compressed file when there is one and the caller accepts it.</summary>
    public Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        var request = context.Request;
        if ((HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method))
            && Find(request.Path, request.Headers.AcceptEncoding) is { } suffix)
        {
            request.Path += suffix;
        }

        return next(context);
    }

    /// <summary>Says how the file that is about to be served is coded, and that others may get another.</summary>
    public void Describe(StaticFileResponseContext response)
    {
        var headers = response.Context.Response.Headers;
        var (name, coding) = Split(response.File.Name);
        if (coding is not null)
        {
            headers.ContentEncoding = coding;
        }

        var path = Split(response.Context.Request.Path.Value!).Path;
        if (coding is not null || _known.Any(known => files.GetFileInfo(path + known.Suffix).Exists))
        {
            headers.Vary = HeaderNames.AcceptEncoding;
        }
    }

    /// <summary>A compressed file has the type of what is in it.</summary>
    public bool TryGetContentType(string subpath, [MaybeNullWhen(false)] out string contentType) =>
        types.TryGetContentType(Split(subpath).Path, out contentType);

    /// <summary>A path without the suffix of its coding, and the coding; null when it has none.</summary>
    public static (string Path, string? Coding) Split(string path)
    {
        foreach (var (suffix, coding) in _known)
        {
            if (path.EndsWith(suffix, StringComparison.OrdinalIgnoreCase))
            {
                return (path[..^suffix.Length], coding);
            }
        }

        return (path, null);
    }

    private string? Find(PathString path, StringValues accepted)
    {
        if (accepted.Count == 0 || !StringWithQualityHeaderValue.TryParseList(accepted!, out var codings))
        {
            return null;
        }

        foreach (var (suffix, coding) in _known)
        {
            if (codings.Any(c => c.Value.Equals(coding, StringComparison.OrdinalIgnoreCase) && c.Quality is not 0)
                && files.GetFileInfo(path + suffix).Exists)
            {
                return suffix;
            }
        }

        return null;
    }
}
