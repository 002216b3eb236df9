using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace ArtMqtt.DeviceAgent.Tests.Sources;

/// <summary>A log that is kept.</summary>
internal sealed class Messages : ILogger
{
    private readonly ConcurrentQueue<string> _all = new();

    /// <summary>Whether a message contains a text.</summary>
    public bool Contain(string text) => _all.Any(m => m.Contains(text, StringComparison.Ordinal));

    /// <inheritdoc/>
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    /// <inheritdoc/>
    public bool IsEnabled(LogLevel logLevel) => true;

    /// <inheritdoc/>
    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception,
        Func<TState, Exception?, string> formatter) => _all.Enqueue(formatter(state, exception));
}
