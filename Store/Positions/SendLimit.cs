using Npgsql;

namespace ArtMqtt.Store.Positions;

/// <summary>
/// Ends what is being sent to a server that takes nothing. Npgsql limits how long it waits for an answer, not how long
/// it writes: to a server that is silent it would write for ever.
/// </summary>
internal sealed class SendLimit : IDisposable
{
    private const string Silent = "The database takes nothing of what is sent";

    private readonly CancellationTokenSource _source;
    private readonly CancellationToken _caller;
    private readonly TimeSpan _patience;

    /// <summary>A limit of the connection's command timeout, from <see cref="Restart"/>.</summary>
    /// <param name="connection">Where it is sent.</param>
    /// <param name="caller">Gives up earlier.</param>
    public SendLimit(NpgsqlConnection connection, CancellationToken caller)
    {
        _caller = caller;
        _source = CancellationTokenSource.CreateLinkedTokenSource(caller);
        _patience = connection.CommandTimeout == 0
            ? Timeout.InfiniteTimeSpan
            : TimeSpan.FromSeconds(connection.CommandTimeout);
    }

    /// <summary>To send with.</summary>
    public CancellationToken Token => _source.Token;

    /// <summary>Something was taken, or begins.</summary>
    public void Restart() => _source.CancelAfter(_patience);

    /// <summary>Whether it was this limit that cancelled, not the caller.</summary>
    public bool IsExceeded => _source.IsCancellationRequested && !_caller.IsCancellationRequested;

    /// <summary>The failure to report then, a timeout like Npgsql's own.</summary>
    public static NpgsqlException Failure(OperationCanceledException exception) =>
        new(Silent, new TimeoutException(Silent, exception));

    /// <summary>Runs a command that may be large; its answer has Npgsql's own limit.</summary>
    public static async Task ExecuteAsync(
        NpgsqlConnection connection, Func<CancellationToken, Task> execute, CancellationToken cancellationToken)
    {
        using var limit = new SendLimit(connection, cancellationToken);
        if (limit._patience != Timeout.InfiniteTimeSpan)
        {
            limit._source.CancelAfter(limit._patience * 2);
        }

        try
        {
            await execute(limit.Token);
        }
        catch (OperationCanceledException e) when (limit.IsExceeded)
        {
            throw Failure(e);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _source.Dispose();
}
