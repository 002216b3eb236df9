using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace ArtMqtt.WebGateway.Paging;

/// <summary>
/// Where a page ends that is ordered by time, newest first: a moment, and what tells those of one moment apart. As text it is a
/// page's <c>next</c>.
/// </summary>
/// <param name="At">The moment, UTC.</param>
/// <param name="Name">What tells those of one moment apart.</param>
internal readonly record struct PageMark(DateTimeOffset At, string Name)
{
    /// <summary>Reads <see cref="ToString"/>'s form.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out PageMark mark)
    {
        mark = default;
        if (text?.Split('_', 2) is not [var ticks, var name]
            || !long.TryParse(ticks, NumberStyles.None, CultureInfo.InvariantCulture, out var at)
            || at > DateTimeOffset.MaxValue.UtcTicks)
        {
            return false;
        }

        mark = new PageMark(new DateTimeOffset(at, TimeSpan.Zero), name);
        return true;
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{At.UtcTicks}_{Name}");
}
