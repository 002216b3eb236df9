namespace ArtMqtt.Live.Redis;

/// <summary>
/// What happens to a stream in Redis, each in one step. A stream is a hash (epoch, sequence, and the newest of each kind with
/// what orders it) and a Redis stream with the newest events under their sequence. Both lie, with the channel, in one slot.
/// <para>
/// A server that was restarted, or took over from another, may have forgotten the newest events, whose numbers watchers have
/// seen, and a status that nobody will tell again. So the hash keeps the replication id of the server that made it, which is another one
/// after each start, and each time that a server becomes a master; under another one nothing of it is believed: a new epoch begins, and
/// who watches seeds it.
/// </para>
/// <para>
/// A full server refuses the first command that adds something, unless another has removed something before; so that comes first.
/// </para>
/// </summary>
internal static class LiveScripts
{
    // A match with a pattern would cost as much as INFO does.
    private const string Run =
        """
        local info = redis.call('INFO', 'replication')
        local at = string.find(info, 'master_replid:', 1, true) + 14
        local run = string.sub(info, at, at + 39)

        """;

    /// <summary>
    /// Numbers events. Keys: hash and ring of each. Arguments: name of a new epoch, ring size, milliseconds to live, <c>1</c> when they may
    /// have been published before; then of each kind, order, name, fields, channel, status. Returns of each epoch and sequence, or why it was
    /// refused, or three values when it failed, the last of which says why: one that is damaged costs nothing but itself.
    /// </summary>
    public const string Publish =
        Run +
        """
        local newEpoch, ringSize, keepFor, isAgain = ARGV[1], ARGV[2], ARGV[3], ARGV[4] == '1'
        local function publish(hash, ring, kind, orderText, name, values, channel, status)
          local order = tonumber(orderText)
          local known = redis.call('HMGET', hash, 'epoch', 'run', 'sequence', kind, kind .. ':order', 'now')
          local found = known[2]
          if found ~= run then known = {newEpoch, run, '0'} end
          local epoch, sequence = known[1], tonumber(known[3]) + 1
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
          if isAgain then
            local isOlder = shown and order and (order < shown or kind == 'status' and order == shown)
            if isOlder or known[4] == values then return {'known'} end
          end

          if found and found ~= run then redis.call('DEL', hash) end
          local number = string.format('%.0f', sequence)
          local fields = {'epoch', epoch, 'run', run, 'sequence', number}
          if not (ended and kind == 'presence') then
            fields[#fields + 1] = kind
            fields[#fields + 1] = values
            if order then
              fields[#fields + 1] = kind .. ':order'
              fields[#fields + 1] = orderText
            end
          end
          if kind == 'status' then
            fields[#fields + 1] = 'now'
            fields[#fields + 1] = status
          end
          redis.call('HSET', hash, unpack(fields))
          if found ~= run then redis.call('DEL', ring) end
          if kind == 'status' then
            if status == 'completed' or status == 'cancelled' then
              redis.call('HDEL', hash, 'operator', 'customer', 'presence')
            end
            if status ~= 'en_route' then redis.call('HDEL', hash, 'eta') end
          end
          redis.call('XADD', ring, 'MAXLEN', ringSize, number .. '-0', name, values)
          redis.call('PEXPIRE', hash, keepFor)
          redis.call('PEXPIRE', ring, keepFor)
          redis.call('SPUBLISH', channel, epoch .. '\n' .. number .. '\n' .. name .. '\n' .. values)
          return {epoch, sequence}
        end

        local replies = {}
        for at = 1, #KEYS / 2 do
          local own = 6 * at - 2
          local ok, reply = pcall(publish, KEYS[2 * at - 1], KEYS[2 * at], unpack(ARGV, own + 1, own + 6))
          if not ok then
            reply = {'', '', type(reply) == 'table' and reply.err or tostring(reply)}
          end
          replies[at] = reply
        end
        return replies
        """;

    /// <summary>
    /// Gives a stream without a status its first snapshot. Keys: hash, ring. Arguments: name of a new epoch, milliseconds to live, status,
    /// its fields, its order, then fields and order of the operator's and the customer's place; empty for none.
    /// </summary>
    public const string Seed =
        Run +
        """
        local known = redis.call('HMGET', KEYS[1], 'run', 'now', 'operator:order', 'customer:order')
        if known[1] ~= run then
          if known[1] then redis.call('DEL', KEYS[1]) end
          redis.call('HSET', KEYS[1], 'epoch', ARGV[1], 'run', run, 'sequence', '0')
          redis.call('DEL', KEYS[2])
          known = {}
        end
        if known[2] then return 0 end
        local status = ARGV[3]
        local ended = status == 'completed' or status == 'cancelled'
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
    /// A stream, which is made when there is none, and lives on. Keys: hash, ring. Arguments: name of a new epoch, milliseconds to
    /// live, epoch and sequence up to which its events are known. Returns the hash, and of the ring what comes after that.
    /// </summary>
    public const string Load =
        Run +
        """
        local known = redis.call('HMGET', KEYS[1], 'run', 'epoch')
        if known[1] ~= run then
          if known[1] then redis.call('DEL', KEYS[1]) end
          redis.call('HSET', KEYS[1], 'epoch', ARGV[1], 'run', run, 'sequence', '0')
          redis.call('DEL', KEYS[2])
        end
        redis.call('PEXPIRE', KEYS[1], ARGV[2])
        redis.call('PEXPIRE', KEYS[2], ARGV[2])
        local from = known[1] == run and known[2] == ARGV[3] and '(' .. ARGV[4] or '-'
        return {redis.call('HGETALL', KEYS[1]), redis.call('XRANGE', KEYS[2], from, '+')}
        """;
}
