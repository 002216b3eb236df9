using System.Globalization;
using ArtMqtt.Store.Changes;
using ArtMqtt.WebGateway.Changes.Wire;

namespace ArtMqtt.WebGateway.Changes;

/// <summary>Tells channels of the row changes they subscribed to, and when some may have been missed.</summary>
internal sealed class ChangeHub(ChangeMetrics metrics, TimeProvider time) : IChangeConsumer
{
    private const string Subscribed = "Subscribed to PostgreSQL";
    private const string Interrupted = "Row changes are interrupted; until they are back, changes are missed";

    private readonly Lock _gate = new();
    private readonly SubscriptionIndex _index = new();
    private readonly HashSet<RealtimeChannel> _channels = [];
    private readonly List<Subscription> _found = [];
    private readonly TaskCompletionSource _started = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _wanted = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _isFollowing;
    private bool _isOff;
    private DateTimeOffset? _missingSince;

    /// <summary>Whether an administrator has to do something before changes are told.</summary>
    public bool IsOff => Volatile.Read(ref _isOff);

    /// <summary>Whether changes are told at this moment.</summary>
    public bool IsFollowing => Volatile.Read(ref _isFollowing);

    /// <inheritdoc/>
    public Task Wanted => _wanted.Task;

    /// <summary>Has changes followed from the first call on; completes when that has begun, or will not.</summary>
    public Task StartAsync()
    {
        _wanted.TrySetResult();
        return _started.Task;
    }

    /// <summary>Starts telling a channel, or changes what it is told.</summary>
    /// <param name="channel">The channel.</param>
    /// <param name="subscriptions">What it wants and may know.</param>
    /// <param name="confirm">Sends the confirmation: nothing goes before it, nothing that is committed after it is missed.</param>
    public void Subscribe(RealtimeChannel channel, IReadOnlyList<Subscription> subscriptions, Action confirm)
    {
        lock (_gate)
        {
            Forget(channel);
            confirm();
            // Its token may have expired while a new one was being checked.
            if (subscriptions.Count == 0 || channel.IsEnded)
            {
                return;
            }

            channel.Subscriptions = subscriptions;
            _channels.Add(channel);
            foreach (var subscription in subscriptions)
            {
                _index.Add(subscription);
            }

            metrics.SubscriptionsChanged(subscriptions.Count);
            if (!_isFollowing)
            {
                _missingSince ??= time.GetUtcNow();
            }

            channel.Tell(EventNames.Changes, _isFollowing, _isFollowing ? Subscribed : Interrupted);
        }
    }

    /// <summary>Tells a channel nothing more.</summary>
    public void Unsubscribe(RealtimeChannel channel)
    {
        lock (_gate)
        {
            Forget(channel);
        }
    }

    /// <inheritdoc/>
    public void Begin()
    {
        lock (_gate)
        {
            (_isFollowing, _isOff) = (true, false);
            var message = _missingSince is { } since
                ? $"{Subscribed}; changes since {since.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture)} may have been missed: read again"
                : Subscribed;
            foreach (var channel in _channels)
            {
                channel.Tell(EventNames.Changes, isOk: true, message);
            }

            _missingSince = null;
        }

        _started.TrySetResult();
    }

    /// <inheritdoc/>
    public void Interrupt(bool isOff)
    {
        lock (_gate)
        {
            _isOff = isOff;
            if (_isFollowing)
            {
                _isFollowing = false;
                _missingSince ??= time.GetUtcNow();
                metrics.Interrupted();
                foreach (var channel in _channels)
                {
                    channel.Tell(EventNames.Changes, isOk: false, Interrupted);
                }
            }
        }

        if (isOff)
        {
            _started.TrySetResult();
        }
    }

    /// <inheritdoc/>
    public void Change(RowChange change)
    {
        lock (_gate)
        {
            _found.Clear();
            _index.Find(change, _found);
            metrics.Received(change.Table.Name, time.GetUtcNow() - change.CommittedAt);
            if (_found.Count > 0)
            {
                Send(change, _found);
            }
        }
    }

    // One message for all subscriptions of a channel that want the same columns.
    private void Send(RowChange change, List<Subscription> found)
    {
        var payload = new ChangePayload(change);
        var messages = 0;
        foreach (var group in found.GroupBy(s => (s.Channel, s.Columns?.Name)))
        {
            var (channel, columns) = (group.Key.Channel, group.First().Columns);
            channel.Send(MessageWriter.Change(
                channel.Version, channel.Topic, [.. group.Select(s => s.Id).Order()], payload.Of(columns)));
            messages++;
        }

        metrics.Sent(messages);
    }

    private void Forget(RealtimeChannel channel)
    {
        if (!_channels.Remove(channel))
        {
            return;
        }

        foreach (var subscription in channel.Subscriptions)
        {
            _index.Remove(subscription);
        }

        metrics.SubscriptionsChanged(-channel.Subscriptions.Count);
        channel.Subscriptions = [];
    }
}
