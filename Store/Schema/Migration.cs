using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace ArtMqtt.Store.Schema;

/// <summary>One numbered step of the schema.</summary>
/// <param name="Version">Its number; steps are applied in this order.</param>
/// <param name="Name">File name without number and ending.</param>
/// <param name="Sql">What it does.</param>
internal sealed record Migration(int Version, string Name, string Sql)
{
    /// <summary>Hash of the SQL, to notice that an applied step was edited later.</summary>
    public string Checksum => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Sql)));

    /// <summary>The steps embedded in this assembly (<c>Schema/NNN_name.sql</c>), in order.</summary>
    public static IReadOnlyList<Migration> LoadEmbedded()
    {
        var assembly = typeof(Migration).Assembly;
        return [.. assembly.GetManifestResourceNames()
            .Where(name => name.EndsWith(".sql", StringComparison.Ordinal))
            .Select(name =>
            {
                using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!, Encoding.UTF8);
                return Parse(name, reader.ReadToEnd());
            })
            .OrderBy(step => step.Version)];
    }

    private static Migration Parse(string resource, string sql)
    {
        // ArtMqtt.Store.Schema.001_name.sql
        var file = resource.Split('.')[^2];
        var underscore = file.IndexOf('_', StringComparison.Ordinal);
        var number = file[..underscore].TrimStart('_');
        return new Migration(int.Parse(number, CultureInfo.InvariantCulture), file[(underscore + 1)..], sql);
    }
}
