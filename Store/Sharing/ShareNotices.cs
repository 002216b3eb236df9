namespace ArtMqtt.Store.Sharing;

/// <summary>Tells this node that a share was revoked, by itself or by another node.</summary>
public sealed class ShareNotices
{
    /// <summary>Which share it is; null: some may have been, because nobody listened for a while. Must return at once.</summary>
    public event Action<uint?>? Heard;

    internal void Tell(uint? shareId) => Heard?.Invoke(shareId);
}
