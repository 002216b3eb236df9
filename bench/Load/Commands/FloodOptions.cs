using System.CommandLine;

namespace ArtMqtt.Load.Commands;

/// <summary>How hard and how long to publish.</summary>
internal sealed class FloodOptions
{
    /// <summary>Adds bounds to the numbers.</summary>
    public FloodOptions()
    {
        InFlight.Between(1, 10_000);
        Seconds.Between(1, 600);
        WarmUp.Between(0, 60);
        Count.Between(1, 20_000_000);
    }

    /// <summary>Unacknowledged publishes per device.</summary>
    public Option<int> InFlight { get; } = new("--in-flight")
    {
        Description = "Unacknowledged publishes per device.",
        DefaultValueFactory = _ => 20,
    };

    /// <summary>Measured time.</summary>
    public Option<int> Seconds { get; } = new("--seconds")
    {
        Description = "How long to measure.",
        DefaultValueFactory = _ => 8,
    };

    /// <summary>Time before the measurement.</summary>
    public Option<int> WarmUp { get; } = new("--warm-up")
    {
        Description = "Seconds before the measurement starts.",
        DefaultValueFactory = _ => 2,
    };

    /// <summary>Limit of positions.</summary>
    public Option<int> Count { get; } = new("--count")
    {
        Description = "Most positions in total.",
        DefaultValueFactory = _ => 20_000_000,
    };

    /// <summary>Adds all of them to a command.</summary>
    public void AddTo(Command command)
    {
        command.Add(InFlight);
        command.Add(Seconds);
        command.Add(WarmUp);
        command.Add(Count);
    }
}
