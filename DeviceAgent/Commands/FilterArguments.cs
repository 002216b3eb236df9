using System.CommandLine;
using ArtMqtt.DeviceAgent.Filtering;
using ArtMqtt.DeviceAgent.Running;

namespace ArtMqtt.DeviceAgent.Commands;

/// <summary>The options of the filter.</summary>
internal sealed class FilterArguments
{
    private static readonly FilterOptions _default = new();

    private readonly Option<bool> _keepAll = new("--keep-all") { Description = "publish every believable fix" };

    private readonly Option<ControlUse> _control = new("--control")
    {
        Description = "what the server's wish for fewer positions does: thin keeps fewer, batch keeps all and sends them "
            + "together, ignore",
        DefaultValueFactory = _ => ControlUse.Thin,
    };

    private readonly Option<double> _interval = Create(
        "--min-interval", "shortest time between two positions, in seconds", _default.MinInterval.TotalSeconds);

    private readonly Option<double> _distance = Create(
        "--min-distance", "metres that make the next position worth sending", _default.MinDistance);

    private readonly Option<double> _turn = Create(
        "--min-turn", "degrees of turning that make it worth sending", _default.MinTurn);

    private readonly Option<double> _heartbeat = Create(
        "--heartbeat", "how often a standing device sends, in seconds", _default.Heartbeat.TotalSeconds);

    private readonly Option<double> _accuracy = Create(
        "--max-accuracy", "metres beyond which a fix is not believed", _default.MaxAccuracy);

    private readonly Option<double> _speed = Create(
        "--max-speed", "metres per second between two fixes that no such vehicle drives", _default.MaxSpeed);

    /// <summary>Adds the options to a verb.</summary>
    public void AddTo(Command command)
    {
        command.Options.Add(_keepAll);
        command.Options.Add(_control);
        foreach (var option in new[] { _interval, _distance, _turn, _heartbeat, _accuracy, _speed })
        {
            ConnectionOptions.Between(option, 0, 100_000);
            command.Options.Add(option);
        }
    }

    /// <summary>What the server's wish does; nothing to a device that keeps all.</summary>
    public ControlUse Control(ParseResult parsed) =>
        parsed.GetValue(_keepAll) ? ControlUse.Ignore : parsed.GetValue(_control);

    /// <summary>What the user chose.</summary>
    public FilterOptions Read(ParseResult parsed) => (parsed.GetValue(_keepAll) ? FilterOptions.KeepAll : new FilterOptions
    {
        MinInterval = TimeSpan.FromSeconds(parsed.GetValue(_interval)),
        MinDistance = parsed.GetValue(_distance),
        MinTurn = parsed.GetValue(_turn),
        Heartbeat = TimeSpan.FromSeconds(parsed.GetValue(_heartbeat)),
    }) with
    {
        MaxAccuracy = parsed.GetValue(_accuracy),
        MaxSpeed = parsed.GetValue(_speed),
    };

    private static Option<double> Create(string name, string description, double value) =>
        new(name) { Description = description, DefaultValueFactory = _ => value };
}
