using Microsoft.Win32.SafeHandles;

namespace ArtMqtt.Spool.Segments;

/// <summary>The few writes whose failure matters, so that tests can make them fail.</summary>
internal interface IDisk
{
    /// <summary>Creates a file for writing, or empties it.</summary>
    SafeFileHandle Create(string path);

    /// <summary>Writes all bytes at an offset.</summary>
    void Write(SafeFileHandle file, ReadOnlySpan<byte> bytes, long offset);

    /// <summary>Returns when everything written to the file is on the medium.</summary>
    void Flush(SafeFileHandle file);

    /// <summary>Returns when the names in a folder are on the medium.</summary>
    void FlushFolder(string path);
}
