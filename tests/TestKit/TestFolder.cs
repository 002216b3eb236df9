namespace ArtMqtt.TestKit;

/// <summary>A temporary folder that any user of the machine may enter (PostgreSQL never runs as root).</summary>
public sealed class TestFolder : IDisposable
{
    /// <summary>Creates the folder.</summary>
    public TestFolder()
    {
        Path = Directory.CreateTempSubdirectory("artmqtt-").FullName;
        File.SetUnixFileMode(Path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
            | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute);
    }

    /// <summary>Full path.</summary>
    public string Path { get; }

    /// <inheritdoc/>
    public void Dispose() => Directory.Delete(Path, recursive: true);
}
