namespace ArtMqtt.TestKit;

/// <summary>Where things are in the working copy.</summary>
public static class Repository
{
    /// <summary>The folder that holds ArtMqtt.sln.</summary>
    public static string Root { get; } = Find();

    /// <summary>A recording of the shared test data, or null when it is not on this machine.</summary>
    public static string? Recording(string relativePath)
    {
        var path = Path.GetFullPath(Path.Combine(Root, "..", "shared", "data", relativePath));
        return File.Exists(path) ? path : null;
    }

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "ArtMqtt.sln")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException("ArtMqtt.sln is in no folder above the tests.");
    }
}
