using System.Security.Cryptography;
using Microsoft.Extensions.Logging;

namespace ArtMqtt.Broker.Tls;

/// <summary>
/// What was made from files, made again when one of them changed: looked at when it is used, at most once in 2 s. When
/// the new files cannot be read, the old value stays.
/// </summary>
/// <param name="paths">The files.</param>
/// <param name="load">Makes the value.</param>
/// <param name="time">Clock.</param>
/// <param name="logger">Is told of reloads and failures.</param>
internal sealed partial class ReloadedFiles<T>(
    IReadOnlyList<string> paths, Func<T> load, TimeProvider time, ILogger logger)
    where T : class
{
    private static readonly TimeSpan _lookEvery = TimeSpan.FromSeconds(2);
    private readonly Lock _lock = new();
    private T? _value;
    private string _stamp = "";
    private long _lookedAt;

    /// <summary>The value of the files as they are now.</summary>
    public T Current
    {
        get
        {
            lock (_lock)
            {
                if (_value is null)
                {
                    _stamp = Stamp();
                    _value = load();
                    _lookedAt = time.GetTimestamp();
                }
                else if (time.GetElapsedTime(_lookedAt) >= _lookEvery)
                {
                    _lookedAt = time.GetTimestamp();
                    LookAgain();
                }

                return _value;
            }
        }
    }

    private void LookAgain()
    {
        try
        {
            var stamp = Stamp();
            if (stamp != _stamp)
            {
                _value = load();
                _stamp = stamp;
                LogReloaded(paths[0]);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
        {
            LogKept(paths[0], e.Message);
        }
    }

    private string Stamp() => string.Join(';', paths.Select(path => new FileInfo(path))
        .Select(file => $"{file.Exists}:{(file.Exists ? file.Length : 0)}:{file.LastWriteTimeUtc.Ticks}"));

    [LoggerMessage(LogLevel.Information, "{Path} has changed and is used from now on")]
    private partial void LogReloaded(string path);

    [LoggerMessage(LogLevel.Warning, "{Path} has changed and cannot be used ({Reason}); the one before stays")]
    private partial void LogKept(string path, string reason);
}
