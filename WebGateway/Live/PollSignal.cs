using ArtMqtt.Contracts.Live;
using ArtMqtt.Live;

namespace ArtMqtt.WebGateway.Live;

/// <summary>Says that something happened in a stream, once. That a shared link ended is no event: its poll is cancelled.</summary>
internal sealed class PollSignal : ILiveListener
{
    private readonly TaskCompletionSource _happened = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task Task => _happened.Task;

    public void OnEvent(Guid requestId, NumberedEvent numbered)
    {
        if (numbered.Event is not ShareEndedEvent)
        {
            _happened.TrySetResult();
        }
    }

    public void OnReset(Guid requestId) => _happened.TrySetResult();
}
