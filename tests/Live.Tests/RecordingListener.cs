namespace ArtMqtt.Live.Tests;

/// <summary>Keeps what it was told.</summary>
internal sealed class RecordingListener : ILiveListener
{
    public List<(Guid RequestId, NumberedEvent Numbered)> Events { get; } = [];

    public IEnumerable<long> Sequences => Events.Select(e => e.Numbered.Cursor.Sequence);

    public void OnEvent(Guid requestId, NumberedEvent numbered) => Events.Add((requestId, numbered));
}
