namespace ArtMqtt.DeviceAgent.Commands;

/// <summary>Where a secret comes from: a file or the environment, never the command line, which anyone can list.</summary>
internal static class SecretSource
{
    /// <summary>Environment variable of the device's secret.</summary>
    public const string Variable = "ARTMQTT_SECRET";

    /// <summary>The first line of the file, or the environment variable when no file is given.</summary>
    /// <exception cref="UsageException">There is none.</exception>
    public static string Read(FileInfo? file)
    {
        var text = file is null ? Environment.GetEnvironmentVariable(Variable) : ReadFile(file);
        return string.IsNullOrWhiteSpace(text)
            ? throw new UsageException(file is null
                ? $"The device's secret is missing: give --secret-file or set {Variable}."
                : $"{file.FullName} is empty; its first line must be the secret.")
            : text.Trim();
    }

    private static string? ReadFile(FileInfo file)
    {
        try
        {
            using var reader = file.OpenText();
            return reader.ReadLine();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UsageException(e.Message);
        }
    }
}
