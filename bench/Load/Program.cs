using System.CommandLine;
using ArtMqtt.Load.Commands;

var root = new RootCommand("Load and measurements for an ArtMqtt node or any MQTT broker on this machine.")
{
    PublishCommand.Create(),
    SinkCommand.Create(),
    LatencyCommand.Create(),
    CopyCommand.Create(),
    ProvisionCommand.Create(),
    SummaryCommand.Create(),
    BrokerCommand.Create(),
    BrokerSummaryCommand.Create(),
    LiveCommand.Create(),
    ResumeCommand.Create(),
    LiveSummaryCommand.Create(),
};
try
{
    return await root.Parse(args).InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
}
catch (Exception e)
{
    // A measuring tool has no state to save: whatever it was, say it in one line and fail.
    await Console.Error.WriteLineAsync($"error: {e.Message}");
    return 2;
}
