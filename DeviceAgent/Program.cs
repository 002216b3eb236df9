using System.CommandLine;
using ArtMqtt.DeviceAgent.Commands;
using ArtMqtt.DeviceAgent.Sources;

var root = new RootCommand("Publishes positions of devices over MQTT: of a receiver, recordings, simulated vehicles, a demo")
{
    new RunCommand().Build(),
    new ReplayCommand().Build(),
    new SimulateCommand().Build(),
    new StreetsCommand().Build(),
    new DemoCommand().Build(),
};

try
{
    // Ctrl-C stops reading; what was read is still delivered, for as long as --drain says.
    return await root.Parse(args).InvokeAsync(new InvocationConfiguration
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
