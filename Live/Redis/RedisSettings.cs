using StackExchange.Redis;

namespace ArtMqtt.Live.Redis;

/// <summary>The connection string of Redis.</summary>
internal static class RedisSettings
{
    /// <summary>What is wrong with it; null for nothing. Never repeats it: it may hold a password.</summary>
    public static string? Explain(string configuration)
    {
        try
        {
            return ConfigurationOptions.Parse(configuration).EndPoints.Count > 0
                ? null
                : "names no server; it is like redis-1:6379,password=...";
        }
        catch (ArgumentException)
        {
            return "is not in the form host:port[,host:port][,setting=value]; see StackExchange.Redis' configuration.";
        }
    }
}
