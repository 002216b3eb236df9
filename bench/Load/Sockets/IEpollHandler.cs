namespace ArtMqtt.Load.Sockets;

/// <summary>What an <see cref="EpollLoop"/> calls when a socket is ready.</summary>
internal interface IEpollHandler
{
    /// <summary>There is something to receive, or the connection ended.</summary>
    void OnReadable();

    /// <summary>The socket takes more bytes.</summary>
    void OnWritable();
}
