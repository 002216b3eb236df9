using System.Formats.Tar;
using System.Text.Json;
using ArtMqtt.TestKit;

namespace ArtMqtt.EndToEnd.Tests.Images;

/// <summary>An image in an OCI archive.</summary>
internal sealed class ImageArchive
{
    private readonly string _folder;
    private readonly JsonElement _manifest;

    private ImageArchive(string folder)
    {
        _folder = folder;
        var index = Read(Path.Combine(folder, "index.json"));
        _manifest = Read(Blob(index.GetProperty("manifests")[0]));
        Config = Read(Blob(_manifest.GetProperty("config"))).GetProperty("config");
    }

    /// <summary>How it is run.</summary>
    public JsonElement Config { get; }

    /// <summary>Bytes of its layers, as they are sent.</summary>
    public long Size => _manifest.GetProperty("layers").EnumerateArray().Sum(layer => layer.GetProperty("size").GetInt64());

    /// <summary>Opens an archive.</summary>
    /// <param name="archive">Its path.</param>
    /// <param name="folder">An empty folder for what is in it.</param>
    public static async Task<ImageArchive> OpenAsync(string archive, string folder)
    {
        Directory.CreateDirectory(folder);
        await TarFile.ExtractToDirectoryAsync(archive, folder, overwriteFiles: false, TestContext.Current.CancellationToken);
        return new ImageArchive(folder);
    }

    /// <summary>A list of the configuration.</summary>
    public List<string> List(string name) => [.. Config.GetProperty(name).EnumerateArray().Select(item => item.GetString()!)];

    /// <summary>Puts the layers onto each other, as an engine does; owners only as root.</summary>
    public async Task UnpackAsync(string root)
    {
        Directory.CreateDirectory(root);
        foreach (var layer in _manifest.GetProperty("layers").EnumerateArray())
        {
            var result = await ProcessRunner.RunAsync(
                new("tar", ["--extract", "--gzip", "--numeric-owner", "--preserve-permissions", "--directory", root, "--file", Blob(layer)]),
                TimeSpan.FromMinutes(1));
            Assert.True(result.ExitCode == 0, result.Error);
        }
    }

    private static JsonElement Read(string path) => JsonDocument.Parse(File.ReadAllBytes(path)).RootElement;

    private string Blob(JsonElement descriptor) =>
        Path.Combine(_folder, "blobs", "sha256", descriptor.GetProperty("digest").GetString()!["sha256:".Length..]);
}
