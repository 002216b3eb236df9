namespace ArtMqtt.Load.Mqtt;

/// <summary>One device's credentials; kept in a file with a line "device-id secret" for each.</summary>
/// <param name="DeviceId">Also the client id and the user name.</param>
/// <param name="Secret">The password; null connects without credentials.</param>
internal sealed record DeviceLogin(string DeviceId, string? Secret)
{
    /// <summary>Devices without credentials, for servers that ask for none.</summary>
    public static IReadOnlyList<DeviceLogin> Anonymous(int count) =>
        [.. Enumerable.Range(1, count).Select(i => new DeviceLogin(IdOf(i), null))];

    /// <summary>The id of the n-th simulated device.</summary>
    public static string IdOf(int number) => $"bench-{number:D5}";

    /// <summary>Reads the file.</summary>
    public static IReadOnlyList<DeviceLogin> Read(string path) =>
        [.. File.ReadLines(path).Select(line => line.Split(' ')).Select(parts => parts.Length == 2
            ? new DeviceLogin(parts[0], parts[1])
            : throw new InvalidDataException($"{path}: each line is \"device-id secret\"."))];

    /// <summary>Writes the file so that only its owner can read it.</summary>
    public static void Write(string path, IEnumerable<DeviceLogin> logins)
    {
        using var stream = new FileStream(path, new FileStreamOptions
        {
            Mode = FileMode.Create,
            Access = FileAccess.Write,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        });
        using var writer = new StreamWriter(stream);
        foreach (var login in logins)
        {
            writer.WriteLine($"{login.DeviceId} {login.Secret}");
        }
    }
}
