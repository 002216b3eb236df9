using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace ArtMqtt.Spool.Tests;

/// <summary>Keeps what is logged at Warning and above.</summary>
internal sealed class RecordingLogger : ILogger<DurableSpool>
{
    public ConcurrentQueue<(LogLevel Level, string Text)> Entries { get; } = new();

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception,
        Func<TState, Exception?, string> formatter)
    {
        if (IsEnabled(logLevel))
        {
            Entries.Enqueue((logLevel, formatter(state, exception)));
        }
    }
}
