using ArtMqtt.Live;

namespace ArtMqtt.WebGateway.Live;

/// <summary>Says that something happened in a stream, once.</summary>
internal sealed class PollSignal : ILiveListener
{
    private readonly TaskCompletionSource _happened = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task Task => _happened.Task;

    public void OnEvent(Guid requestId, NumberedEvent numbered) => _happened.TrySetResult();
}
