using ArtMqtt.TestKit;

namespace ArtMqtt.EndToEnd.Tests;

/// <summary>The verb <c>secrets</c>, as containers that start at once on one folder would use it.</summary>
public sealed class SecretsCommandTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Several_at_once_make_one_set_of_secrets_that_stays()
    {
        var secrets = Path.Combine(_folder.Path, "secrets");
        var results = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => CreateAsync(secrets)));
        Assert.All(results, result => Assert.True(result.ExitCode == 0, result.Error));

        var made = await ReadAsync(secrets);
        Assert.Equal(["admin-token", "credential-key", "dispatcher-token", "operations-token", "token-key"], made.Select(file => file.Name));
        Assert.All(made, file => Assert.NotEmpty(file.Content));
        if (!OperatingSystem.IsWindows())
        {
            Assert.All(made, file => Assert.Equal(
                UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(secrets, file.Name))));
        }

        Assert.Equal(0, (await CreateAsync(secrets)).ExitCode);
        Assert.Equal(made, await ReadAsync(secrets));
    }

    private static Task<ProcessResult> CreateAsync(string folder) =>
        ProcessRunner.RunAsync(Programs.Node("secrets", "create", folder), TimeSpan.FromMinutes(1));

    private static async Task<List<(string Name, string Content)>> ReadAsync(string folder)
    {
        var files = new List<(string, string)>();
        foreach (var path in Directory.GetFiles(folder).Order(StringComparer.Ordinal))
        {
            files.Add((Path.GetFileName(path), await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken)));
        }

        return files;
    }
}
