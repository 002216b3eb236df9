using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace ArtMqtt.Broker.Tests.Fuzz;

/// <summary>Keeps what must not be logged: errors, and exceptions that nobody expected.</summary>
internal sealed class FaultLog : ILoggerProvider, ILogger
{
    private const int Most = 20;

    private readonly ConcurrentQueue<string> _faults = [];

    public IReadOnlyCollection<string> Faults => _faults;

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Debug;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception,
        Func<TState, Exception?, string> formatter)
    {
        // A connection that breaks is what a fuzzer does.
        var isExpected = exception is null or IOException or OperationCanceledException
            or Microsoft.AspNetCore.Connections.ConnectionAbortedException;
        if ((logLevel >= LogLevel.Error || !isExpected) && _faults.Count < Most)
        {
            _faults.Enqueue($"{logLevel}: {formatter(state, exception)} {exception}");
        }
    }

    public void Dispose()
    {
        // Nothing to close.
    }
}
