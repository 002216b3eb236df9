namespace ArtMqtt.Live.Redis.Nodes;

/// <summary>
/// Which devices a node has: a hash with since when each is connected, and under <c>:</c>, which is no device, a number that counts its
/// changes. All nodes hear of changes through one channel, in whose slot all of it lies: devices come and go seldom.
/// </summary>
internal static class DeviceScripts
{
    /// <summary>
    /// Changes the devices of a node. Keys: hash. Arguments: node, number of the last change, milliseconds to live, channel, then
    /// devices, each with since when, or empty when it has left; none only keeps the hash. Returns the number, -1 when Redis has
    /// another one: then all of it is written again.
    /// </summary>
    public const string Change =
        """
        local had = tonumber(redis.call('HGET', KEYS[1], ':') or '0')
        if had ~= tonumber(ARGV[2]) then return -1 end
        if #ARGV > 4 then
          had = had + 1
          redis.call('HSET', KEYS[1], ':', string.format('%.0f', had))
          for at = 5, #ARGV, 2 do
            if ARGV[at + 1] == '' then
              redis.call('HDEL', KEYS[1], ARGV[at])
            else
              redis.call('HSET', KEYS[1], ARGV[at], ARGV[at + 1])
            end
          end
          redis.call('SPUBLISH', ARGV[4], ARGV[1] .. '\n' .. string.format('%.0f', had) .. '\n' .. table.concat(ARGV, '\n', 5))
        end
        redis.call('PEXPIRE', KEYS[1], ARGV[3])
        return had
        """;

    /// <summary>
    /// Puts a hash that was written anew in the place of the old one. Keys: hash, the new one, the mark of a node that was given up.
    /// Arguments: node, number of the last change it knows, milliseconds to live, channel. Returns the number, and 1 if the node
    /// was given up.
    /// </summary>
    public const string Replace =
        """
        local had = math.max(tonumber(redis.call('HGET', KEYS[1], ':') or '0'), tonumber(ARGV[2])) + 1
        redis.call('HSET', KEYS[2], ':', string.format('%.0f', had))
        redis.call('RENAME', KEYS[2], KEYS[1])
        redis.call('PEXPIRE', KEYS[1], ARGV[3])
        local isGivenUp = redis.call('DEL', KEYS[3])
        redis.call('SPUBLISH', ARGV[4], ARGV[1] .. '\n' .. string.format('%.0f', had))
        return {had, isGivenUp}
        """;

    /// <summary>Numbers of the last changes. Keys: hashes. Returns one for each; -1 where there is none.</summary>
    public const string Numbers =
        """
        local numbers = {}
        for at, key in ipairs(KEYS) do numbers[at] = tonumber(redis.call('HGET', key, ':') or '-1') end
        return numbers
        """;
}
