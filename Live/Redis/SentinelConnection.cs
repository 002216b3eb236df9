using StackExchange.Redis;

namespace ArtMqtt.Live.Redis;

/// <summary>A connection to the master that Sentinels name, and the one to the Sentinels, which say when it is another one.</summary>
internal static class SentinelConnection
{
    /// <summary>
    /// Opens both. The client's own way leaves the connection to the Sentinels behind, and trying, each time that they are not there or
    /// name no master.
    /// </summary>
    /// <param name="settings">Names the Sentinels and the service.</param>
    public static async Task<(ConnectionMultiplexer Master, ConnectionMultiplexer Sentinels)> OpenAsync(ConfigurationOptions settings)
    {
        var ofSentinels = settings.Clone();
        (ofSentinels.User, ofSentinels.Password) = (settings.SentinelUser, settings.SentinelPassword);
        ofSentinels.AbortOnConnectFail = true;
        var sentinels = await ConnectionMultiplexer.SentinelConnectAsync(ofSentinels);
        try
        {
            return (sentinels.GetSentinelMasterConnection(settings), sentinels);
        }
        catch
        {
            await sentinels.DisposeAsync();
            throw;
        }
    }
}
