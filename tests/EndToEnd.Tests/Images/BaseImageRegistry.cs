using System.Formats.Tar;
using System.IO.Compression;
using System.Net;
using System.Security.Cryptography;
using System.Text.Json;
using ArtMqtt.TestKit;

namespace ArtMqtt.EndToEnd.Tests.Images;

/// <summary>
/// A registry on loopback with one image that is built like .NET's images without a shell: user 1654 with a home, and
/// places where a test binds this machine's runtime and libraries.
/// </summary>
internal sealed class BaseImageRegistry : IDisposable
{
    private const string ManifestType = "application/vnd.oci.image.manifest.v1+json";
    private const UnixFileMode Usual = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
        | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;

    private readonly HttpListener _listener = new();
    private readonly Dictionary<string, byte[]> _blobs = [];
    private readonly string _manifest;

    /// <summary>Starts it.</summary>
    /// <param name="dotnet">Folder of the runtime, on this machine and in the image.</param>
    public BaseImageRegistry(string dotnet)
    {
        var layer = Layer(dotnet);
        using var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(layer);
        }

        var (layerDigest, layerSize) = Keep(compressed.ToArray());
        var (configDigest, configSize) = Keep(JsonSerializer.SerializeToUtf8Bytes(new
        {
            architecture = "amd64",
            os = "linux",
            config = new { User = "1654", Env = (string[])[$"PATH={dotnet}", "APP_UID=1654", "ASPNETCORE_HTTP_PORTS=8080"], WorkingDir = "/" },
            rootfs = new { type = "layers", diff_ids = (string[])[Digest(layer)] },
            history = (object[])[new { created_by = "test" }],
        }));
        _manifest = Keep(JsonSerializer.SerializeToUtf8Bytes(new
        {
            schemaVersion = 2,
            mediaType = ManifestType,
            config = new { mediaType = "application/vnd.oci.image.config.v1+json", digest = configDigest, size = configSize },
            layers = (object[])[new { mediaType = "application/vnd.oci.image.layer.v1.tar+gzip", digest = layerDigest, size = layerSize }],
        })).Digest;

        var port = Ports.Free();
        Image = $"localhost:{port}/dotnet/aspnet:10.0-noble-chiseled";
        _listener.Prefixes.Add($"http://localhost:{port}/");
        _listener.Start();
        _ = ServeAsync();
    }

    /// <summary>The image's name.</summary>
    public string Image { get; }

    /// <inheritdoc/>
    public void Dispose() => _listener.Close();

    private static byte[] Layer(string dotnet)
    {
        using var buffer = new MemoryStream();
        using (var tar = new TarWriter(buffer, TarEntryFormat.Pax, leaveOpen: true))
        {
            Add(tar, "home/app", owner: 1654);
            foreach (var folder in new[] { "tmp", "proc", "dev", "etc", "usr/lib", "usr/lib64", "secrets", dotnet.TrimStart('/') })
            {
                Add(tar, folder, owner: 0);
            }

            foreach (var name in new[] { "lib", "lib64" })
            {
                tar.WriteEntry(new PaxTarEntry(TarEntryType.SymbolicLink, name) { LinkName = $"usr/{name}" });
            }

            tar.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, "etc/passwd")
            {
                Mode = Usual,
                DataStream = new MemoryStream("app:x:1654:1654::/home/app:/bin/false\n"u8.ToArray()),
            });
        }

        return buffer.ToArray();
    }

    private static void Add(TarWriter tar, string folder, int owner) => tar.WriteEntry(
        new PaxTarEntry(TarEntryType.Directory, folder) { Mode = Usual, Uid = owner, Gid = owner });

    private static string Digest(byte[] blob) => $"sha256:{Convert.ToHexStringLower(SHA256.HashData(blob))}";

    private (string Digest, int Size) Keep(byte[] blob)
    {
        _blobs[Digest(blob)] = blob;
        return (Digest(blob), blob.Length);
    }

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                var context = await _listener.GetContextAsync();
                var path = context.Request.Url!.AbsolutePath;
                var isManifest = path.Contains("/manifests/", StringComparison.Ordinal);
                if (!_blobs.TryGetValue(isManifest ? _manifest : path.Split('/')[^1], out var blob))
                {
                    context.Response.StatusCode = path == "/v2/" ? 200 : 404;
                    context.Response.Close();
                    continue;
                }

                context.Response.ContentType = isManifest ? ManifestType : "application/octet-stream";
                context.Response.Headers["Docker-Content-Digest"] = Digest(blob);
                context.Response.ContentLength64 = blob.Length;
                if (context.Request.HttpMethod != "HEAD")
                {
                    await context.Response.OutputStream.WriteAsync(blob);
                }

                context.Response.Close();
            }
        }
        catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
        {
            // Closed.
        }
    }
}
