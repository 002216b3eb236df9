using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using ArtMqtt.Contracts.Clients;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace ArtMqtt.Live.Redis;

/// <summary>
/// Keeps in Redis which node has a client. Whoever takes one over learns whose it was, and tells that node, and only that one.
/// Claims of a client have ranks that grow; a node lets go when it hears of a higher one, in whatever order it hears.
/// </summary>
internal sealed class ClientClaims(RedisLink link, IOptions<RedisOptions> options) : IClientClaims
{
    // Keys: the client. Arguments: node, milliseconds to live. Returns who had it, and the rank of this claim: later ones are
    // higher, also after Redis has forgotten.
    private const string TakeScript =
        """
        local had = redis.call('HMGET', KEYS[1], 'node', 'rank')
        local now = redis.call('TIME')
        local rank = math.max(now[1] * 1000000 + now[2], (tonumber(had[2] or '') or 0) + 1)
        redis.call('HSET', KEYS[1], 'node', ARGV[1], 'rank', string.format('%.0f', rank))
        redis.call('PEXPIRE', KEYS[1], ARGV[2])
        return {had[1] or '', string.format('%.0f', rank)}
        """;

    // Keys: the client. Arguments: rank. Forgets the claim unless there is a later one.
    private const string LeaveScript =
        "if redis.call('HGET', KEYS[1], 'rank') == ARGV[1] then redis.call('DEL', KEYS[1]) end return 1";

    // What a claim that is held says after a break. Keys: the client. Arguments: node, rank, milliseconds to live. Returns who had it
    // until now, and the rank that counts: that of a later claim, if there is one.
    private const string KeepScript =
        """
        local had = redis.call('HMGET', KEYS[1], 'node', 'rank')
        if (tonumber(had[2] or '') or 0) > tonumber(ARGV[2]) then return {'', had[2]} end
        redis.call('HSET', KEYS[1], 'node', ARGV[1], 'rank', ARGV[2])
        redis.call('PEXPIRE', KEYS[1], ARGV[3])
        return {had[1] or '', ARGV[2]}
        """;

    // Enough to keep Redis busy, and few enough to leave it time for others.
    private const int MaxAtOnce = 32;

    // Longer than a device is connected without a break; then it is put out by its keep-alive only.
    private static readonly TimeSpan _keepFor = TimeSpan.FromDays(7);

    private readonly string _node = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8));
    private readonly string _prefix = options.Value.Prefix;
    private readonly ConcurrentDictionary<string, ClientClaim> _claims = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, long> _early = new(StringComparer.Ordinal);
    private readonly Lock _order = new();
    private ChannelMessageQueue? _channel;
    private long _losses;

    /// <inheritdoc/>
    public IDisposable Claim(string client, Action taken)
    {
        var claim = new ClientClaim(this, client, taken);
        lock (_order)
        {
            // Redis must hear last of the claim that stays here, or it ranks one highest that is no more.
            _claims[client] = claim;
            _ = Ask(claim);
        }

        return claim;
    }

    /// <summary>
    /// Begins to hear of clients that went elsewhere, and claims what could not be claimed while Redis was not there. After a break
    /// also lets go of what went elsewhere meanwhile, and says again what Redis may have forgotten.
    /// </summary>
    /// <returns>Whether it could.</returns>
    public async Task<bool> CatchUpAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (_channel is null)
            {
                var channel = await link.HearAsync(ChannelOf(_node));
                channel.OnMessage(message => Hear(message.Message));
                _channel = channel;
            }
        }
        catch (Exception e) when (RedisLink.IsOutage(e))
        {
            link.Failed(e);
            return false;
        }

        // Losses that come while this goes on are for the next time.
        var losses = link.Losses;
        var isBehind = losses != _losses;
        var isDone = true;
        var limit = new ParallelOptions { MaxDegreeOfParallelism = MaxAtOnce, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(_claims.Values.Where(claim => isBehind || claim.Rank == 0), limit, async (claim, _) =>
        {
            if (!await TryCatchUpAsync(claim, isBehind))
            {
                Volatile.Write(ref isDone, false);
            }
        });
        _losses = isDone ? losses : _losses;
        return isDone;
    }

    /// <summary>The connection of a claim has ended.</summary>
    internal void Leave(ClientClaim claim)
    {
        if (_claims.TryRemove(KeyValuePair.Create(claim.Client, claim)))
        {
            _early.TryRemove(claim.Client, out _);
            if (claim.Rank > 0 && link.IsUsable)
            {
                _ = TryLeaveAsync(claim);
            }
        }
    }

    private async Task<bool> TryCatchUpAsync(ClientClaim claim, bool isBehind)
    {
        Task asking;
        lock (_order)
        {
            // Another one of the client may have come meanwhile.
            if (_claims.GetValueOrDefault(claim.Client) != claim)
            {
                return true;
            }

            asking = claim.Rank == 0 ? Ask(claim) : claim.Asking;
        }

        await asking;
        return claim.Rank == 0 ? claim.IsOver : !isBehind || await TryKeepAsync(claim);
    }

    // Only within the order.
    private Task Ask(ClientClaim claim) => claim.Asking.IsCompleted ? claim.Asking = TryTakeAsync(claim) : claim.Asking;

    private async Task<bool> TryKeepAsync(ClientClaim claim)
    {
        if (!link.IsUsable)
        {
            return false;
        }

        try
        {
            var reply = (RedisResult[])(await link.Database.ScriptEvaluateAsync(
                KeepScript, [KeyOf(claim.Client)], [_node, claim.Rank, (long)_keepFor.TotalMilliseconds]))!;
            if (long.Parse((string)reply[1]!, CultureInfo.InvariantCulture) > claim.Rank)
            {
                if (_claims.TryRemove(KeyValuePair.Create(claim.Client, claim)))
                {
                    _early.TryRemove(claim.Client, out _);
                    claim.Taken();
                }

                return true;
            }

            await TellAsync(claim, (string)reply[0]!);
            return true;
        }
        catch (Exception e) when (RedisLink.IsOutage(e))
        {
            link.Failed(e);
            return false;
        }
    }

    // Who had it lets go of it.
    private async Task TellAsync(ClientClaim claim, string before)
    {
        if (before.Length > 0 && before != _node)
        {
            await link.Channels.PublishAsync(ChannelOf(before), $"{claim.Rank}\n{claim.Client}");
        }

        if (claim.IsOver)
        {
            await TryLeaveAsync(claim);
        }
    }

    private async Task TryTakeAsync(ClientClaim claim)
    {
        if (!link.IsUsable)
        {
            return;
        }

        try
        {
            var reply = (RedisResult[])(await link.Database.ScriptEvaluateAsync(
                TakeScript, [KeyOf(claim.Client)], [_node, (long)_keepFor.TotalMilliseconds]))!;
            claim.Rank = long.Parse((string)reply[1]!, CultureInfo.InvariantCulture);
            LetGoIfTaken(claim);
            await TellAsync(claim, (string)reply[0]!);
        }
        catch (Exception e) when (RedisLink.IsOutage(e))
        {
            link.Failed(e);
        }
    }

    private async Task TryLeaveAsync(ClientClaim claim)
    {
        try
        {
            await link.Database.ScriptEvaluateAsync(LeaveScript, [KeyOf(claim.Client)], [claim.Rank]);
        }
        catch (Exception e) when (RedisLink.IsOutage(e))
        {
            link.Failed(e);
        }
    }

    private void Hear(RedisValue message)
    {
        if (((string?)message)?.Split('\n', 2) is [var number, var client]
            && long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var rank)
            && _claims.ContainsKey(client))
        {
            // The answer to our own claim may still be on its way.
            _early.AddOrUpdate(client, rank, (_, known) => Math.Max(known, rank));

            // Only now: it may have come here once more in the meantime, and have had its answer.
            if (_claims.TryGetValue(client, out var claim))
            {
                LetGoIfTaken(claim);
            }
            else
            {
                _early.TryRemove(client, out _);
            }
        }
    }

    private void LetGoIfTaken(ClientClaim claim)
    {
        if (claim.Rank > 0 && _early.TryGetValue(claim.Client, out var rank) && rank > claim.Rank
            && _claims.TryRemove(KeyValuePair.Create(claim.Client, claim)))
        {
            _early.TryRemove(claim.Client, out _);
            claim.Taken();
        }
    }

    // Clients name themselves: what they say must not decide the slot, or the length.
    private string KeyOf(string client) =>
        $"{_prefix}:client:{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(client)).AsSpan(0, 16))}";

    private RedisChannel ChannelOf(string node) => RedisChannel.Sharded($"{_prefix}:node:{node}:taken");
}
