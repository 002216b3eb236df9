namespace ArtMqtt.TestKit.Chaos;

/// <summary>What is going to happen to one connection.</summary>
/// <param name="Fault">What ends or disturbs it.</param>
/// <param name="UpgradeFault">What happens when it asks for a WebSocket.</param>
/// <param name="IsDown">Whether the fault is in the direction from the server to the client.</param>
/// <param name="After">Bytes in that direction before the fault.</param>
/// <param name="Pause">How long a <see cref="ChaosFault.Stall"/> or <see cref="ChaosFault.Refuse"/> lasts.</param>
/// <param name="Delay">Time that each piece takes.</param>
/// <param name="Piece">Most bytes in a piece.</param>
internal sealed record ChaosPlan(
    ChaosFault Fault, ChaosFault UpgradeFault, bool IsDown, long After, TimeSpan Pause, TimeSpan Delay, int Piece)
{
    private const int Whole = 16 << 10;

    /// <summary>A network as it should be.</summary>
    public static ChaosPlan Calm { get; } =
        new(ChaosFault.None, ChaosFault.None, true, 0, TimeSpan.Zero, TimeSpan.Zero, Whole);

    /// <summary>Throws the dice.</summary>
    public static ChaosPlan Draw(Random random)
    {
        var isDown = random.Next(5) > 0;
        return new ChaosPlan(
            DrawFault(random), DrawUpgradeFault(random), isDown,
            // Clients say little. Downwards from within the first header to dozens of events, as often small as large.
            isDown ? (long)(50 * Math.Pow(400, random.NextDouble())) : random.Next(1, 400),
            TimeSpan.FromMilliseconds(random.Next(10, 500)),
            TimeSpan.FromMilliseconds(random.Next(3) > 0 ? 0 : random.Next(1, 20)),
            random.Next(3) > 0 ? Whole : random.Next(100, 1_500));
    }

    private static ChaosFault DrawFault(Random random) => random.Next(100) switch
    {
        < 5 => ChaosFault.Refuse,
        < 50 => ChaosFault.Cut,
        < 75 => ChaosFault.HalfClose,
        _ => ChaosFault.Stall,
    };

    private static ChaosFault DrawUpgradeFault(Random random) => random.Next(100) switch
    {
        < 10 => ChaosFault.ForbidUpgrade,
        < 20 => ChaosFault.StripUpgrade,
        < 25 => ChaosFault.HangUpgrade,
        _ => ChaosFault.None,
    };
}
