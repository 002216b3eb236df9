using System.CommandLine;
using ArtMqtt.Load.Commands;

var root = new RootCommand("Load and measurements for an ArtMqtt node or any MQTT broker on this machine.")
{
    PublishCommand.Create(),
    SinkCommand.Create(),
};
return await root.Parse(args).InvokeAsync();
