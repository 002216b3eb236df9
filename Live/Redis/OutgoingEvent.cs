using ArtMqtt.Contracts.Live;

namespace ArtMqtt.Live.Redis;

/// <summary>An event that Redis is asked to number.</summary>
internal sealed class OutgoingEvent(Guid requestId, LiveEvent liveEvent)
{
    // Who waits goes on elsewhere: the envelope behind this one does not wait for it.
    private readonly TaskCompletionSource<NumberedEvent?> _settled = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The request.</summary>
    public Guid RequestId => requestId;

    /// <summary>What happened.</summary>
    public LiveEvent Event => liveEvent;

    /// <summary>What Redis said; null when it could not be asked, or failed.</summary>
    public PublishReply? Reply { get; set; }

    /// <summary>The event with its number, or null when it was refused.</summary>
    public Task<NumberedEvent?> Settled => _settled.Task;

    /// <summary>It has its number, or was refused.</summary>
    public void Settle(NumberedEvent? numbered) => _settled.SetResult(numbered);

    /// <summary>It could not be numbered; nothing when it was before.</summary>
    public void Fail(Exception exception) => _settled.TrySetException(exception);
}
