using ArtMqtt.Live;
using ArtMqtt.WebGateway.Live.Journal;
using ArtMqtt.WebGateway.Operations;
using Microsoft.Extensions.Options;

namespace ArtMqtt.WebGateway.Live;

/// <summary>Reads the events of a request behind a cursor, for those who ask again and again instead of keeping a connection.</summary>
internal sealed class EventPoll(
    StreamSeeder seeder, CatchUp catchUp, Departures departures, IOptions<LiveFeedOptions> options, TimeProvider time)
{
    private const int MaxSeedAttempts = 3;
    private int _waiting;

    /// <summary>What happened since the cursor; the same answer as that of <c>join:request</c>.</summary>
    /// <param name="streams">The streams as the caller may see them.</param>
    /// <param name="requestId">The request.</param>
    /// <param name="since">Where the caller stands; null or of another epoch: the snapshot says it all.</param>
    /// <param name="wait">
    /// How long to wait for something to happen. Without a place left for one more who waits, the answer comes at once.
    /// </param>
    /// <param name="cancellationToken">The caller is gone.</param>
    /// <returns>Null when there is no such request.</returns>
    public async Task<JoinReply?> ReadAsync(
        ILiveStreams streams, Guid requestId, Cursor? since, TimeSpan wait, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        for (var attempt = 0; attempt < MaxSeedAttempts;)
        {
            if (!await seeder.EnsureAsync(requestId, cancellationToken))
            {
                return null;
            }

            var signal = new PollSignal();
            using var subscription = await streams.SubscribeAsync(requestId, since, signal, cancellationToken);
            if (subscription.Snapshot.Status is null)
            {
                // Evicted again before it could be looked at.
                attempt++;
                continue;
            }

            var missed = await catchUp.FindAsync(requestId, since, subscription, cancellationToken);
            var reply = JoinReply.Of(subscription, missed);
            var left = wait - time.GetElapsedTime(started);
            if (!reply.Recovered || reply.Missed.Count > 0 || left <= TimeSpan.Zero
                || !await WaitAsync(signal, left, cancellationToken))
            {
                return reply;
            }

            since = subscription.Cursor;
        }

        throw new InvalidOperationException("The stream was evicted as often as it was seeded.");
    }

    // False: nothing happened, there is no place to wait, or the node is being stopped.
    private async Task<bool> WaitAsync(PollSignal signal, TimeSpan wait, CancellationToken cancellationToken)
    {
        if (Interlocked.Increment(ref _waiting) > options.Value.MaxWaitingPolls)
        {
            Interlocked.Decrement(ref _waiting);
            return false;
        }

        using var departure = departures.Enter();
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, departure.Asked);
        try
        {
            await signal.Task.WaitAsync(wait, time, ended.Token);
            return true;
        }
        catch (Exception e) when (e is TimeoutException || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return false;
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }
}
