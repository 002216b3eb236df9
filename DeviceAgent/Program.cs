using System.CommandLine;
using System.CommandLine.Invocation;
using ArtMqtt.DeviceAgent.Commands;
using ArtMqtt.DeviceAgent.Sources;

var root = new RootCommand("Publishes positions of devices: of a receiver, recordings, simulated vehicles, a demo")
{
    new RunCommand().Build(),
    new StatusCommand().Build(),
    new DoctorCommand().Build(),
    new ReplayCommand().Build(),
    new SimulateCommand().Build(),
    new StreetsCommand().Build(),
    new DemoCommand().Build(),
};
var settings = new Settings(root);

try
{
    var parsed = settings.Parse(args, Environment.GetEnvironmentVariables(), Console.Error);
    if (parsed.Action is ParseErrorAction)
    {
        foreach (var line in settings.Explain(parsed))
        {
            Console.Error.WriteLine(line);
        }

        Console.Error.WriteLine($"See {parsed.CommandResult.Command.Name} --help.");
        return ExitCode.Failed;
    }

    // Ctrl-C stops reading; what was read is still delivered, for as long as --drain says.
    return await parsed.InvokeAsync(new InvocationConfiguration
    {
        EnableDefaultExceptionHandler = false,
        ProcessTerminationTimeout = TimeSpan.FromMinutes(1),
    });
}
catch (Exception e) when (e is UsageException or SourceException or ArtMqtt.Spool.SpoolFailedException)
{
    Console.Error.WriteLine(e.Message);
    return ExitCode.Failed;
}
