using System.Text.RegularExpressions;
using Microsoft.AspNetCore.StaticFiles;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Options;

namespace ArtMqtt.WebGateway.Pages;

/// <summary>The built pages: files whose name holds a hash are kept for good, the rest is asked for each time.</summary>
internal sealed partial class PageFiles(IOptions<GatewayOptions> options, ILogger<PageFiles> logger)
{
    private const string ClientFolder = "/sdk/";
    private const string NotBuilt = """
        <!doctype html><html lang="en"><meta charset="utf-8"><title>Not built yet</title>
        <h1>The pages are not built yet</h1>
        <p>Start with <code>compose/up</code>, or run <code>npm install &amp;&amp; npm run build</code> in
        <code>WebGateway/ui</code> and build again.</p>
        """;

    private readonly string _folder = Path.GetFullPath(options.Value.PagesFolder);

    /// <summary>Serves the built files, compressed where there is such a file; nothing when they are not built.</summary>
    public void Use(IApplicationBuilder app)
    {
        if (!Directory.Exists(_folder))
        {
            LogNotBuilt(_folder);
            return;
        }

        var types = new FileExtensionContentTypeProvider();
        types.Mappings[".pmtiles"] = "application/vnd.pmtiles";
        types.Mappings[".geojson"] = "application/geo+json";
        types.Mappings[".pbf"] = "application/x-protobuf";
        var files = new PhysicalFileProvider(_folder);
        var compressed = new CompressedFiles(files, types);
        app.Use(compressed.InvokeAsync);
        app.UseStaticFiles(new StaticFileOptions
        {
            FileProvider = files,
            ContentTypeProvider = compressed,
            OnPrepareResponse = file =>
            {
                var (path, _) = CompressedFiles.Split(file.Context.Request.Path.Value!);
                var headers = file.Context.Response.Headers;
                headers.CacheControl = CacheControlOf(path);
                if (path.StartsWith(ClientFolder, StringComparison.Ordinal))
                {
                    // Pages of other sites import the client from here.
                    headers.AccessControlAllowOrigin = "*";
                }

                compressed.Describe(file);
            },
        });
    }

    /// <summary>A page by its file name.</summary>
    public IResult Page(string name)
    {
        var path = Path.Combine(_folder, name);
        return File.Exists(path)
            ? new NotCached(TypedResults.PhysicalFile(path, "text/html; charset=utf-8"))
            : TypedResults.Content(
                NotBuilt, "text/html; charset=utf-8", statusCode: StatusCodes.Status503ServiceUnavailable);
    }

    private static string CacheControlOf(string path) =>
        HashedName().IsMatch(path) ? "public, max-age=31536000, immutable" : "no-cache";

    [GeneratedRegex("^/assets/.+-[A-Za-z0-9_-]{8}\\.[A-Za-z0-9]+$")]
    private static partial Regex HashedName();

    [LoggerMessage(LogLevel.Warning, "The pages are not built: {Folder} does not exist")]
    private partial void LogNotBuilt(string folder);

    private sealed class NotCached(IResult page) : IResult
    {
        public Task ExecuteAsync(HttpContext context)
        {
            context.Response.Headers.CacheControl = "no-cache";
            return page.ExecuteAsync(context);
        }
    }
}
