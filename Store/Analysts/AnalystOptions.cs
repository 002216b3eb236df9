using System.ComponentModel.DataAnnotations;

namespace ArtMqtt.Store.Analysts;

/// <summary>The role with which analysts read the views.</summary>
public sealed class AnalystOptions
{
    /// <summary>Configuration section.</summary>
    public const string Section = "Store:Analyst";

    /// <summary>
    /// File that takes the analysts' connection string, a URI as psql and others read it, mode 0600; null or empty
    /// for no role at all.
    /// </summary>
    public string? ConnectionFile { get; set; }

    /// <summary>Name of the role; null or empty for the name of the database and <c>_analyst</c>.</summary>
    [MaxLength(63)]
    public string? Role { get; set; }

    /// <summary>Its password, 12 or more printable ASCII characters; null or empty for one that is made.</summary>
    [RegularExpression("[!-~]{12,}", ErrorMessage = "12 or more printable ASCII characters, no blanks.")]
    public string? Password { get; set; }

    /// <summary>Longest a query may take, and a transaction may be idle. Default 1 minute.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "1.00:00:00")]
    public TimeSpan StatementTimeout { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>Most connections at a time. Default 10.</summary>
    [Range(1, 1_000)]
    public int MaxConnections { get; set; } = 10;

    /// <summary>Most megabytes a connection may put into temporary files. Default 1,024.</summary>
    [Range(1, 1_000_000)]
    public int MaxTemporaryMegabytes { get; set; } = 1_024;
}
