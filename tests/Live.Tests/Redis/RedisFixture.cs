using ArtMqtt.Live.Tests.Redis;
using ArtMqtt.TestKit;

[assembly: AssemblyFixture(typeof(RedisFixture))]

namespace ArtMqtt.Live.Tests.Redis;

/// <summary>One Redis for all tests that do not disturb it.</summary>
public sealed class RedisFixture : IAsyncLifetime
{
    private RedisServer? _server;

    /// <summary>Its connection string.</summary>
    public string Configuration => _server!.Configuration;

    /// <inheritdoc/>
    public async ValueTask InitializeAsync() => _server = await RedisServer.StartNewAsync(CancellationToken.None);

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _server?.Dispose();
        return ValueTask.CompletedTask;
    }
}
