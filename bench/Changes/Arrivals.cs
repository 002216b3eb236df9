using System.Diagnostics;

namespace ArtMqtt.WebGateway.Bench;

/// <summary>What arrived at subscribers in one round, and how long it took.</summary>
internal sealed class Arrivals
{
    private readonly Lock _gate = new();
    private List<double> _milliseconds = [];
    private int _expected;
    private TaskCompletionSource _complete = new();
    private Exception? _broken;

    /// <summary>Starts a round.</summary>
    public void Expect(int count)
    {
        lock (_gate)
        {
            (_milliseconds, _expected) = (new List<double>(count), count);
            _complete = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    public void Add(long ticks)
    {
        lock (_gate)
        {
            _milliseconds.Add(ticks * 1000.0 / Stopwatch.Frequency);
            if (_milliseconds.Count == _expected)
            {
                _complete.TrySetResult();
            }
        }
    }

    public void Broken(Exception exception)
    {
        lock (_gate)
        {
            _broken ??= exception;
            _complete.TrySetException(_broken);
        }
    }

    /// <summary>All that were expected, shortest first. One that was not, or a broken connection, fails the run.</summary>
    public async Task<IReadOnlyList<double>> TakeAsync(CancellationToken token)
    {
        await _complete.Task.WaitAsync(token);
        lock (_gate)
        {
            return _milliseconds.Count == _expected
                ? [.. _milliseconds.Order()]
                : throw new InvalidOperationException($"{_milliseconds.Count} changes came, {_expected} were expected.");
        }
    }
}
