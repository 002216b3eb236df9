using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.RegularExpressions;
using Npgsql;

namespace ArtMqtt.Store.Analysts;

/// <summary>The analysts' connection string in a file that only its owner may read.</summary>
/// <param name="path">Where.</param>
internal sealed partial class ConnectionFile(string path)
{
    /// <summary>The password in the file, or a new one when there is none.</summary>
    public string ReadPassword()
    {
        var kept = Password().Match(File.Exists(path) ? File.ReadAllText(path) : "");
        return kept.Success
            ? Uri.UnescapeDataString(kept.Groups[1].Value)
            : Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(24));
    }

    /// <summary>Writes who connects to the server and database of a connection string.</summary>
    public void Write(NpgsqlConnectionStringBuilder server, string role, string password)
    {
        var uri = $"postgresql://{Uri.EscapeDataString(role)}:{Uri.EscapeDataString(password)}"
            + $"@{Uri.EscapeDataString(server.Host!)}:{server.Port}/{Uri.EscapeDataString(server.Database!)}\n";
        if (File.Exists(path) && File.ReadAllText(path) == uri)
        {
            return;
        }

        var part = $"{path}.{Environment.ProcessId}";
        File.Delete(part);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using (var file = new StreamWriter(part, options))
        {
            file.Write(uri);
        }

        File.Move(part, path, overwrite: true);
    }

    [GeneratedRegex("^postgresql://[^:@/]+:([^@/]+)@")]
    private static partial Regex Password();
}
