using Microsoft.AspNetCore.Connections;

namespace ArtMqtt.Node.Http;

/// <summary>Closes connections of one endpoint beyond a number, before anything is read from them.</summary>
internal sealed class ConnectionLimit(ConnectionDelegate next, int most)
{
    private int _open;

    /// <summary>Serves the connection, or ends it at once.</summary>
    public async Task OnConnectionAsync(ConnectionContext connection)
    {
        try
        {
            if (Interlocked.Increment(ref _open) <= most)
            {
                await next(connection);
            }
            else
            {
                connection.Abort(new ConnectionAbortedException("Too many connections."));
            }
        }
        finally
        {
            Interlocked.Decrement(ref _open);
        }
    }
}
