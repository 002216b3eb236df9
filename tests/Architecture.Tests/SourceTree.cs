using System.Xml.Linq;
using ArtMqtt.TestKit;

namespace ArtMqtt.Architecture.Tests;

/// <summary>A project file: its folder and what it names.</summary>
/// <param name="Path">From the root, with <c>/</c>.</param>
/// <param name="Projects">Names of referenced projects.</param>
/// <param name="Packages">Names of referenced packages.</param>
internal sealed record ProjectFile(string Path, IReadOnlyList<string> Projects, IReadOnlyList<string> Packages)
{
    /// <summary>File name without extension.</summary>
    public string Name => System.IO.Path.GetFileNameWithoutExtension(Path);

    /// <summary>First folder.</summary>
    public string Area => Path.Split('/')[0];

    /// <summary>Whether the product consists of it; tests and benchmarks may reference everything.</summary>
    public bool IsProduct => Area is not ("tests" or "bench");
}

/// <summary>The files of the working copy, build output left out.</summary>
internal static class SourceTree
{
    private static readonly string[] _output = ["artifacts", "node_modules", "bin", "obj", ".git"];

    /// <summary>All projects.</summary>
    public static IReadOnlyList<ProjectFile> Projects { get; } = [.. Files("*.csproj").Select(Read)];

    /// <summary>Paths from the root, with <c>/</c>.</summary>
    public static IEnumerable<string> Files(string pattern) =>
        Directory.EnumerateDirectories(Repository.Root)
            .Where(folder => !_output.Contains(Path.GetFileName(folder)))
            .SelectMany(folder => Directory.EnumerateFiles(folder, pattern, SearchOption.AllDirectories))
            .Select(path => Path.GetRelativePath(Repository.Root, path).Replace('\\', '/'))
            .Where(path => !path.Split('/').Intersect(_output).Any())
            .Order(StringComparer.Ordinal);

    /// <summary>Text of a file.</summary>
    public static string Text(string path) => File.ReadAllText(Path.Combine(Repository.Root, path));

    private static ProjectFile Read(string path)
    {
        var xml = XDocument.Parse(Text(path));
        return new ProjectFile(
            path,
            [.. Includes(xml, "ProjectReference").Select(p => Path.GetFileNameWithoutExtension(p.Replace('\\', '/')))],
            [.. Includes(xml, "PackageReference")]);
    }

    private static IEnumerable<string> Includes(XDocument xml, string element) =>
        xml.Descendants(element).Select(e => e.Attribute("Include")?.Value).OfType<string>();
}
