namespace ArtMqtt.WebGateway.Tokens;

/// <summary>One thing that goes on with a token.</summary>
/// <param name="tokenId">Its <c>jti</c>.</param>
/// <param name="end">Ends what goes on.</param>
/// <param name="left">It is over.</param>
internal sealed class TokenHolder(string tokenId, Action end, Action<TokenHolder> left) : IDisposable
{
    private readonly Lock _gate = new();
    private Action? _end = end;

    public string TokenId => tokenId;

    /// <summary>Ends it, unless it is over: by then its connection may be somebody else's.</summary>
    public void End()
    {
        lock (_gate)
        {
            _end?.Invoke();
            _end = null;
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _end = null;
        }

        left(this);
    }
}
