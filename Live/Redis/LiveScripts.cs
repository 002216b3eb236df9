namespace ArtMqtt.Live.Redis;

/// <summary>
/// What happens to a stream in Redis, each in one step. A stream is a hash (epoch, sequence, and the newest of each kind with
/// what orders it) and a Redis stream with the newest events under their sequence. Both lie, with the channel, in one slot.
/// <para>
/// A server that was restarted, or took over from another, may have forgotten the newest events, whose numbers watchers have
/// seen. So the hash keeps the run id of the server that numbered last; under another one a new epoch begins.
/// </para>
/// </summary>
internal static class LiveScripts
{
    /// <summary>
    /// Numbers an event. Keys: hash, ring. Arguments: kind, order, name, fields, name of a new epoch, ring size, milliseconds to
    /// live, channel, <c>1</c> when it may have been published before, status. Returns epoch and sequence, or why it was refused.
    /// </summary>
    public const string Publish =
        """
        local kind, order, status = ARGV[1], tonumber(ARGV[2]), ARGV[10]
        local known = redis.call('HMGET', KEYS[1], 'epoch', 'run', 'sequence', kind, kind .. ':order', 'now')
        local shown, now = tonumber(known[5] or ''), known[6]
        local ended = now == 'completed' or now == 'cancelled'
        if kind == 'operator' or kind == 'customer' then
          if ended then return {'ended'} end
          if shown and order <= shown then return {'late'} end
        elseif kind == 'eta' then
          if now and now ~= 'en_route' then return {'ended'} end
        elseif kind == 'status' and shown and order and order < shown then
          return {'late'}
        end
        if ARGV[9] == '1' and known[4] == ARGV[4] then return {'known'} end

        local run = string.match(redis.call('INFO', 'server'), 'run_id:(%x+)')
        local epoch, sequence = known[1], tonumber(known[3] or '')
        if not epoch or known[2] ~= run then
          epoch, sequence = ARGV[5], 0
          redis.call('DEL', KEYS[2])
        end
        sequence = sequence + 1
        local fields = {'epoch', epoch, 'run', run, 'sequence', string.format('%.0f', sequence)}
        if not (ended and kind == 'presence') then
          fields[#fields + 1] = kind
          fields[#fields + 1] = ARGV[4]
          if order then
            fields[#fields + 1] = kind .. ':order'
            fields[#fields + 1] = ARGV[2]
          end
        end
        if kind == 'status' then
          fields[#fields + 1] = 'now'
          fields[#fields + 1] = status
          if status == 'completed' or status == 'cancelled' then
            redis.call('HDEL', KEYS[1], 'operator', 'customer', 'presence')
          end
          if status ~= 'en_route' then redis.call('HDEL', KEYS[1], 'eta') end
        end
        redis.call('HSET', KEYS[1], unpack(fields))
        redis.call('XADD', KEYS[2], 'MAXLEN', ARGV[6], string.format('%.0f-0', sequence), ARGV[3], ARGV[4])
        redis.call('PEXPIRE', KEYS[1], ARGV[7])
        redis.call('PEXPIRE', KEYS[2], ARGV[7])
        redis.call('SPUBLISH', ARGV[8], epoch .. '\n' .. string.format('%.0f', sequence) .. '\n' .. ARGV[3] .. '\n' .. ARGV[4])
        return {epoch, sequence}
        """;

    /// <summary>
    /// Gives a stream without a status its first snapshot. Keys: hash. Arguments: name of a new epoch, milliseconds to live, status,
    /// its fields, its order, then fields and order of the operator's and the customer's place; empty for none.
    /// </summary>
    public const string Seed =
        """
        local known = redis.call('HMGET', KEYS[1], 'epoch', 'now', 'operator:order', 'customer:order')
        if known[2] then return 0 end
        local status = ARGV[3]
        local ended = status == 'completed' or status == 'cancelled'
        if not known[1] then
          local run = string.match(redis.call('INFO', 'server'), 'run_id:(%x+)')
          redis.call('HSET', KEYS[1], 'epoch', ARGV[1], 'run', run, 'sequence', '0')
        end
        redis.call('HSET', KEYS[1], 'now', status, 'status', ARGV[4])
        if ARGV[5] ~= '' then redis.call('HSET', KEYS[1], 'status:order', ARGV[5]) end
        for at, kind in ipairs({'operator', 'customer'}) do
          local fields, order, shown = ARGV[4 + 2 * at], ARGV[5 + 2 * at], tonumber(known[2 + at] or '')
          if fields ~= '' and not ended and (not shown or tonumber(order) > shown) then
            redis.call('HSET', KEYS[1], kind, fields, kind .. ':order', order)
          end
        end
        if ended then redis.call('HDEL', KEYS[1], 'operator', 'customer', 'presence') end
        if status ~= 'en_route' then redis.call('HDEL', KEYS[1], 'eta') end
        redis.call('PEXPIRE', KEYS[1], ARGV[2])
        return 1
        """;

    /// <summary>
    /// All of a stream, which is made when there is none, and lives on. Keys: hash, ring. Arguments: name of a new epoch,
    /// milliseconds to live. Returns hash and ring.
    /// </summary>
    public const string Load =
        """
        if redis.call('HSETNX', KEYS[1], 'epoch', ARGV[1]) == 1 then
          local run = string.match(redis.call('INFO', 'server'), 'run_id:(%x+)')
          redis.call('HSET', KEYS[1], 'run', run, 'sequence', '0')
          redis.call('DEL', KEYS[2])
        end
        redis.call('PEXPIRE', KEYS[1], ARGV[2])
        redis.call('PEXPIRE', KEYS[2], ARGV[2])
        return {redis.call('HGETALL', KEYS[1]), redis.call('XRANGE', KEYS[2], '-', '+')}
        """;
}
