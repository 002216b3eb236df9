using System.Globalization;

namespace ArtMqtt.Live;

/// <summary>Where a watcher stands in a live stream: <c>epoch:sequence</c>.</summary>
/// <param name="Epoch">The incarnation of the stream; sequences of different epochs do not compare.</param>
/// <param name="Sequence">Number of the last event seen; 0 before the first.</param>
public readonly record struct Cursor(string Epoch, long Sequence)
{
    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Epoch}:{Sequence}");

    /// <summary>Reads <see cref="ToString"/>'s form.</summary>
    public static bool TryParse(string? text, out Cursor cursor)
    {
        cursor = default;
        var colon = text?.LastIndexOf(':') ?? -1;
        if (colon is <= 0 or > 64
            || !long.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var sequence))
        {
            return false;
        }

        cursor = new Cursor(text![..colon], sequence);
        return true;
    }
}
