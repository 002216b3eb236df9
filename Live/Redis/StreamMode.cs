namespace ArtMqtt.Live.Redis;

/// <summary>What a node does with a stream.</summary>
internal enum StreamMode
{
    /// <summary>Nothing yet.</summary>
    New,

    /// <summary>It follows it in Redis.</summary>
    Following,

    /// <summary>Redis is not there: it numbers its own events.</summary>
    Alone,
}
