using System.Runtime.CompilerServices;
using ArtMqtt.DeviceAgent.Publishing;
using Microsoft.Extensions.Logging;

namespace ArtMqtt.DeviceAgent.Sources;

/// <summary>The lines of a receiver. A live one that is not there, or goes away, is opened again for as long as it takes.</summary>
/// <param name="input">Where the bytes come from.</param>
/// <param name="maxLength">Longest line.</param>
/// <param name="time">Measures pauses.</param>
/// <param name="logger">Is told when the receiver comes and goes.</param>
internal sealed partial class ReceiverLines(IReceiverInput input, int maxLength, TimeProvider time, ILogger logger)
{
    // A receiver sends what belongs to one moment in one go. Even at 4,800 baud two bytes are 2 ms apart.
    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(150);

    private readonly RetryDelay _delay = new(TimeSpan.FromMilliseconds(250), TimeSpan.FromSeconds(10), Random.Shared);
    private bool _isMissing;

    /// <summary>The lines; null where the receiver paused, or is gone.</summary>
    public async IAsyncEnumerable<string?> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        do
        {
            await using var stream = await OpenAsync(cancellationToken);
            var lines = new LineReader(stream, maxLength);
            var state = LineState.Filled;
            while ((state = await FillAsync(lines, state, cancellationToken)) != LineState.Ended)
            {
                while (lines.TryTake(out var line))
                {
                    yield return line;
                }

                if (state == LineState.Paused)
                {
                    yield return null;
                }
            }

            if (lines.TryTakeRest(out var rest))
            {
                yield return rest;
            }

            yield return null;
        }
        while (input.IsLive);
    }

    private async Task<Stream> OpenAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                if (_isMissing)
                {
                    await Task.Delay(_delay.Next(), time, cancellationToken);
                }

                return await input.OpenAsync(cancellationToken);
            }
            catch (Exception e) when (input.IsLive && InputFailure.Is(e))
            {
                Miss(e.Message);
            }
        }
    }

    private async Task<LineState> FillAsync(LineReader lines, LineState last, CancellationToken cancellationToken)
    {
        try
        {
            // Files do not pause; and one pause is told once.
            TimeSpan? pause = input.IsLive && last == LineState.Filled ? _pause : null;
            var state = await lines.FillAsync(pause, time, cancellationToken);
            if (state == LineState.Ended && input.IsLive)
            {
                Miss("it ended");
            }
            else if (state == LineState.Filled && input.IsLive)
            {
                Find();
            }

            return state;
        }
        catch (Exception e) when (input.IsLive && InputFailure.Is(e))
        {
            Miss(e.Message);
            return LineState.Ended;
        }
    }

    private void Miss(string reason)
    {
        if (!_isMissing)
        {
            // Once, not at every try.
            LogMissing(input.Name, reason);
        }

        _isMissing = true;
    }

    private void Find()
    {
        if (_isMissing)
        {
            LogBack(input.Name);
        }

        _isMissing = false;
        _delay.Reset();
    }

    [LoggerMessage(LogLevel.Warning, "No receiver at {Name} ({Reason}); will try again")]
    private partial void LogMissing(string name, string reason);

    [LoggerMessage(LogLevel.Information, "The receiver at {Name} is back")]
    private partial void LogBack(string name);
}
