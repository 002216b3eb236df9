using System.Globalization;
using System.Threading.Channels;
using ArtMqtt.Contracts.Devices;
using ArtMqtt.Live.Nodes;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace ArtMqtt.Live.Redis.Nodes;

/// <summary>
/// Tells the other nodes which devices this one has, some at a time, and knows theirs. What was missed is found by its number; what
/// Redis has forgotten is told again. Devices of a node that stays away are given up, by one of the others.
/// </summary>
internal sealed partial class RedisDevices(
    RedisLink link, RedisNodeList list, DeviceCommands commands, IOptions<NodesOptions> options, TimeProvider time,
    ILogger<RedisDevices> logger) : BackgroundService, IDevicesElsewhere
{
    // So that a fleet that comes back at once is told in large parts.
    private static readonly TimeSpan _gathering = TimeSpan.FromMilliseconds(50);

    private readonly OwnDevices _own = new();
    private readonly DevicesOfOthers _others = new();
    private readonly Dictionary<string, long> _unlistedSince = new(StringComparer.Ordinal);
    private readonly HashSet<string> _givenUp = new(StringComparer.Ordinal);
    private readonly Channel<bool> _work = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    private volatile IDevicesElsewhereListener? _listener;
    private TimeSpan _returnTime;
    private long _number;
    private bool _mustReplace;
    private bool _isListening;
    private volatile bool _isInContact;
    private long _contactSince;
    private long _lastLook;

    /// <inheritdoc/>
    public bool IsKnown => _isInContact && _others.IsKnown;

    /// <inheritdoc/>
    public long? Find(string deviceId) => _others.Find(deviceId);

    /// <inheritdoc/>
    public void Report(string deviceId, long? since)
    {
        _own.Set(deviceId, since);
        _work.Writer.TryWrite(true);
    }

    /// <inheritdoc/>
    public void Listen(IDevicesElsewhereListener listener, TimeSpan returnTime)
    {
        (_returnTime, _listener) = (returnTime, listener);
        Wake();
    }

    /// <inheritdoc/>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        // All connections have ended by now.
        if (_listener is { } listener && await link.TryAskAsync(() => TellAsync(listener, cancellationToken)) && _own.TakeAll().Count == 0)
        {
            await link.TryAskAsync(commands.ForgetOwnAsync);
        }
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        list.Asked += Wake;
        try
        {
            while (await _work.Reader.WaitToReadAsync(stoppingToken))
            {
                await Task.Delay(_gathering, time, stoppingToken);
                _work.Reader.TryRead(out _);
                // A node without a broker has no devices, and tells nobody of them.
                if (_listener is { } listener)
                {
                    await TryWorkAsync(listener, stoppingToken);
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The end.
        }
        finally
        {
            list.Asked -= Wake;
        }
    }

    private void Wake() => _work.Writer.TryWrite(true);

    private async Task TryWorkAsync(IDevicesElsewhereListener listener, CancellationToken stoppingToken)
    {
        try
        {
            await WorkAsync(listener, stoppingToken);
        }
        catch (Exception e) when (!stoppingToken.IsCancellationRequested)
        {
            // The next heartbeat wakes it again.
            LogFailed(e);
        }
    }

    private async Task WorkAsync(IDevicesElsewhereListener listener, CancellationToken stoppingToken)
    {
        var isInContact = await link.TryAskAsync(async () =>
        {
            if (!_isListening)
            {
                await commands.ListenAsync(Hear);
                _isListening = true;
            }

            await TellAsync(listener, stoppingToken);
            if (!_isInContact || time.GetElapsedTime(_lastLook) >= options.Value.HeartbeatInterval)
            {
                await LookAsync();
                _lastLook = time.GetTimestamp();
            }
            else
            {
                await ReadAsync(_others.Nodes.Where(id => _others.IsBehind(id, 0)));
            }
        });
        var wasInContact = _isInContact;
        _isInContact = isInContact && list.Look().IsComplete;
        if (!_isInContact)
        {
            _unlistedSince.Clear();
        }
        else if (!wasInContact)
        {
            _contactSince = time.GetTimestamp();
        }
    }

    private async Task TellAsync(IDevicesElsewhereListener listener, CancellationToken stoppingToken)
    {
        do
        {
            if (_mustReplace)
            {
                var (replaced, isGivenUp) = await commands.ReplaceAsync(_number, _own.TakeAll());
                (_number, _mustReplace) = (replaced, false);
                if (isGivenUp)
                {
                    LogWasGivenUp();
                    listener.OnGivenUp();
                }
            }

            var untold = _own.TakeUntold(DeviceCommands.MaxAtOnce);
            if (untold.Count == 0 && _isInContact && time.GetElapsedTime(_lastLook) < options.Value.HeartbeatInterval)
            {
                return;
            }

            try
            {
                // A command that got no answer may have been done: then the number is another one, and all is told again.
                var number = await commands.ChangeAsync(_number, untold);
                (_number, _mustReplace) = number < 0 ? (_number, true) : (number, false);
                if (untold.Count < DeviceCommands.MaxAtOnce && !_mustReplace)
                {
                    return;
                }
            }
            catch
            {
                _own.PutBack(untold);
                throw;
            }
        }
        while (!stoppingToken.IsCancellationRequested);
    }

    private async Task LookAsync()
    {
        var seen = list.Look();
        if (!seen.IsComplete)
        {
            return;
        }

        foreach (var present in seen.Nodes.Where(one => one.Condition != NodeCondition.Missing))
        {
            _givenUp.Remove(present.Report.Id);
        }

        foreach (var one in seen.Nodes.Where(one => !_givenUp.Contains(one.Report.Id)))
        {
            _others.Expect(one.Report.Id);
        }

        var ids = _others.Nodes;
        var numbers = await commands.NumbersAsync(ids);
        await ReadAsync(ids.Where((id, at) => _others.IsBehind(id, numbers[at])));
        await GiveUpAsync(seen.Nodes.ToDictionary(one => one.Report.Id, StringComparer.Ordinal));
    }

    private async Task ReadAsync(IEnumerable<string> ids)
    {
        foreach (var id in ids.ToList())
        {
            if (await commands.LoadAsync(id) is var (number, devices))
            {
                Tell(_others.Take(id, number, devices));
            }
            else
            {
                _others.Miss(id);
            }
        }
    }

    private async Task GiveUpAsync(IReadOnlyDictionary<string, SeenNode> seen)
    {
        foreach (var id in _others.Nodes)
        {
            if (GoneFor(id, seen) < _returnTime)
            {
                continue;
            }

            var isMine = await commands.GiveUpAsync(id);
            _givenUp.Add(id);
            _unlistedSince.Remove(id);
            var abandoned = _others.Remove(id);
            if (isMine && abandoned.Count > 0)
            {
                LogGivenUp(abandoned.Count, id);
                foreach (var deviceId in abandoned)
                {
                    _listener?.OnAbandoned(deviceId);
                }

                await commands.ForgetAsync(id);
            }

            Tell(abandoned);
        }
    }

    private TimeSpan GoneFor(string id, IReadOnlyDictionary<string, SeenNode> seen)
    {
        if (seen.TryGetValue(id, out var one))
        {
            _unlistedSince.Remove(id);
            // As long as Redis was away it could not be heard; it may only be slower to come back to it.
            var contact = _isInContact ? time.GetElapsedTime(_contactSince) : TimeSpan.Zero;
            return one.Condition != NodeCondition.Missing ? TimeSpan.Zero : one.HeardFor < contact ? one.HeardFor : contact;
        }

        // It said goodbye, or Redis has forgotten it; or it was started again, and is listed by that.
        _unlistedSince.TryAdd(id, time.GetTimestamp());
        return time.GetElapsedTime(_unlistedSince[id]);
    }

    private void Hear(RedisValue message)
    {
        var parts = ((string?)message ?? "").Split('\n');
        if (parts is [var id, var digits, .. var changes] && !commands.IsOwn(id)
            && long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            Tell(_others.Hear(id, number, changes));
            if (_others.IsBehind(id, 0))
            {
                Wake();
            }
        }
    }

    private void Tell(IReadOnlyCollection<string> changed)
    {
        foreach (var deviceId in changed)
        {
            _listener?.OnChanged(deviceId);
        }
    }

    [LoggerMessage(LogLevel.Error, "The devices of other nodes could not be looked after; that is tried again")]
    private partial void LogFailed(Exception exception);

    [LoggerMessage(LogLevel.Warning, "Node {Node} is gone: {Count} devices that it had did not come to another one, and are offline")]
    private partial void LogGivenUp(int count, string node);

    [LoggerMessage(LogLevel.Warning, "The other nodes took this one for gone: its devices are told again")]
    private partial void LogWasGivenUp();
}
