namespace ArtMqtt.WebGateway.Webhooks;

/// <summary>How an attempt went.</summary>
/// <param name="Status">HTTP status of the answer; null when there was none.</param>
/// <param name="Error">Why it failed, in words; null when it was delivered.</param>
/// <param name="RetryAfter">How long the receiver wants to be left alone, or null.</param>
internal sealed record AttemptResult(int? Status, string? Error, TimeSpan? RetryAfter = null)
{
    public bool IsDelivered => Error is null;

    /// <summary>The receiver wants nothing any more.</summary>
    public bool IsGone => Status == StatusCodes.Status410Gone;
}
