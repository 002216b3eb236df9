using System.CommandLine;
using System.Net;
using ArtMqtt.Load.Live;
using ArtMqtt.Load.Measure;
using ArtMqtt.Load.Node;
using ArtMqtt.Load.Sockets;

namespace ArtMqtt.Load.Commands;

/// <summary><c>resume</c>: watchers who come back after a long cut.</summary>
internal static class ResumeCommand
{
    public static Command Create()
    {
        var shared = new SharedOptions();
        var http = new Option<int>("--http-port") { Description = "HTTP port of the node.", Required = true }.Between(1, 65_535);
        var tokenFile = new Option<FileInfo>("--token-file") { Description = "File with the dispatcher's token.", Required = true };
        var behind = new Option<int>("--behind")
        {
            Description = "Events that were missed.",
            DefaultValueFactory = _ => 1_200,
        }.Between(1, 10_000);
        var tries = new Option<int>("--tries") { Description = "Watchers, one at a time.", DefaultValueFactory = _ => 100 }.Between(1, 10_000);
        var atOnce = new Option<int>("--at-once") { Description = "Watchers in one moment.", DefaultValueFactory = _ => 100 }.Between(1, 5_000);
        var command = new Command("resume", "Come back with a cursor after a long cut.")
        {
            shared.Host, shared.Port, http, tokenFile, behind, tries, atOnce, shared.Json,
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var watchers = new IPEndPoint(Loopback.Parse(parsed.GetRequiredValue(shared.Host)), parsed.GetRequiredValue(http));
            using var api = new NodeApi(new Uri($"http://{watchers}"), parsed.GetRequiredValue(tokenFile).FullName);
            var result = await new ResumeScenario(
                api, watchers, shared.ServerOf(parsed), parsed.GetRequiredValue(behind), parsed.GetRequiredValue(tries),
                parsed.GetRequiredValue(atOnce)).RunAsync(cancellationToken);
            Report.Write(result, result.Rows(), parsed.GetValue(shared.Json));
            return 0;
        });
        return command;
    }
}
