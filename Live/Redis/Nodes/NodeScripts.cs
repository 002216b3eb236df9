namespace ArtMqtt.Live.Redis.Nodes;

/// <summary>What nodes tell of themselves: a hash of reports, and a sorted set of when each was told. Both lie in one slot.</summary>
internal static class NodeScripts
{
    /// <summary>
    /// Tells, and reads what the others told. Keys: reports, times. Arguments: id, report (empty: goodbye), milliseconds after which a
    /// node is forgotten, most nodes. Returns the time, the ids with theirs, and the reports.
    /// </summary>
    public const string Beat =
        """
        local at = redis.call('TIME')
        local now = at[1] * 1000 + math.floor(at[2] / 1000)
        local gone = redis.call('ZRANGEBYSCORE', KEYS[2], '-inf', string.format('%.0f', now - ARGV[3]), 'LIMIT', '0', '100')
        local surplus = redis.call('ZCARD', KEYS[2]) - ARGV[4]
        if surplus > 0 then gone = redis.call('ZRANGE', KEYS[2], '0', string.format('%.0f', surplus - 1)) end
        if ARGV[2] == '' then gone[#gone + 1] = ARGV[1] end
        for _, id in ipairs(gone) do
          redis.call('HDEL', KEYS[1], id)
          redis.call('ZREM', KEYS[2], id)
        end
        if ARGV[2] ~= '' then
          redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
          redis.call('ZADD', KEYS[2], string.format('%.0f', now), ARGV[1])
        end
        redis.call('PEXPIRE', KEYS[1], ARGV[3])
        redis.call('PEXPIRE', KEYS[2], ARGV[3])
        return {string.format('%.0f', now), redis.call('ZRANGE', KEYS[2], '0', '-1', 'WITHSCORES'), redis.call('HGETALL', KEYS[1])}
        """;
}
