using ArtMqtt.Contracts.Live;
using ArtMqtt.Contracts.Requests;
using ArtMqtt.Live;
using ArtMqtt.Store.Requests;
using ArtMqtt.WebGateway.Live;

namespace ArtMqtt.WebGateway.Requests;

/// <summary>
/// Changes requests and tells who watches. Commit and event of one request are one step on this node, so that watchers
/// see the changes in the order of their commits.
/// </summary>
internal sealed class RequestChanges(RequestRepository requests, ILiveStreams streams, StreamSeeder seeder) : IDisposable
{
    private readonly SemaphoreSlim[] _turns = [.. Enumerable.Range(0, 64).Select(_ => new SemaphoreSlim(1, 1))];

    /// <returns>The request, or null when there is one of that id already.</returns>
    public async Task<RequestRecord?> CreateAsync(NewRequest request, CancellationToken cancellationToken)
    {
        var created = await requests.CreateAsync(request, cancellationToken);
        if (created is not null)
        {
            await PublishAsync(created, previous: null, created.CreatedAt, request.By);
        }

        return created;
    }

    public Task<RequestChangeResult> AssignAsync(
        Guid requestId, string deviceId, int? version, string by, CancellationToken cancellationToken) =>
        ChangeAsync(
            requestId, token => requests.AssignAsync(requestId, deviceId, by, token, version), cancellationToken);

    public Task<RequestChangeResult> ChangeStatusAsync(
        Guid requestId, RequestStatus to, int? version, string by, CancellationToken cancellationToken,
        string? deviceId = null) =>
        ChangeAsync(
            requestId, token => requests.ChangeStatusAsync(requestId, to, by, token, version, deviceId), cancellationToken);

    public void Dispose()
    {
        foreach (var turn in _turns)
        {
            turn.Dispose();
        }
    }

    private async Task<RequestChangeResult> ChangeAsync(
        Guid requestId, Func<CancellationToken, Task<RequestChangeResult>> change, CancellationToken cancellationToken)
    {
        var turn = _turns[(uint)requestId.GetHashCode() % (uint)_turns.Length];
        await turn.WaitAsync(cancellationToken);
        try
        {
            // A stream that first hears of a change would not know the places of before.
            await seeder.EnsureAsync(requestId, cancellationToken);
            // From here on a caller that goes away must not leave a change that is committed but not told.
            var result = await change(CancellationToken.None);
            if (result.Change is { } made)
            {
                await PublishAsync(made.Request, made.Previous, made.At, made.By);
            }

            return result;
        }
        finally
        {
            turn.Release();
        }
    }

    // It is committed: those who watch must learn it even if the caller is gone.
    private async Task PublishAsync(RequestRecord request, RequestStatus? previous, DateTimeOffset at, string by) =>
        await streams.PublishAsync(
            request.RequestId,
            new StatusEvent(request.Status, previous, at.ToUnixTimeMilliseconds(), by) { Version = request.Version },
            CancellationToken.None);
}
