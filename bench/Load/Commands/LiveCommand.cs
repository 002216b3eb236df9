using System.CommandLine;
using System.Net;
using ArtMqtt.Load.Live;
using ArtMqtt.Load.Measure;
using ArtMqtt.Load.Node;
using ArtMqtt.Load.Sockets;

namespace ArtMqtt.Load.Commands;

/// <summary><c>live</c>: watchers on a node, or on socket.io's server.</summary>
internal static class LiveCommand
{
    public static Command Create()
    {
        var shared = new SharedOptions();
        var name = new Option<string>("--name") { Description = "What the server is called in the results.", Required = true };
        var kind = new Option<string>("--server") { Description = "node or socketio.", Required = true };
        kind.AcceptOnlyFromAmong("node", "socketio");
        var http = new Option<int>("--http-port") { Description = "Where watchers connect.", Required = true }.Between(1, 65_535);
        var tokenFile = new Option<FileInfo?>("--token-file") { Description = "File with the dispatcher's token of a node." };
        var packs = new Option<bool>("--messagepack") { Description = "Watch as MessagePack instead of JSON." };
        var shape = new Option<string>("--shape") { Description = "requests x watchers @ positions per second, for example 1x1000@8.", Required = true };
        var process = new Option<int>("--process") { Description = "Process id of the server.", Required = true };
        var seconds = new Option<int>("--seconds")
        {
            Description = "How long to measure.",
            DefaultValueFactory = _ => 10,
        }.Between(1, 60);
        var command = new Command("live", "Deliver positions to many watchers.")
        {
            name, kind, shared.Host, shared.Port, http, tokenFile, packs, shape, process, seconds, shared.Json,
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var watchers = new IPEndPoint(Loopback.Parse(parsed.GetRequiredValue(shared.Host)), parsed.GetRequiredValue(http));
            using var api = parsed.GetValue(tokenFile) is { } file ? new NodeApi(new Uri($"http://{watchers}"), file.FullName) : null;
            ILiveServer server = parsed.GetRequiredValue(kind) == "socketio"
                ? new SocketIoServer(watchers)
                : new NodeServer(
                    api ?? throw new ArgumentException("A node needs --token-file."), watchers, shared.ServerOf(parsed),
                    parsed.GetValue(packs));
            var result = await new LiveScenario(
                parsed.GetRequiredValue(name), server, LiveShape.Parse(parsed.GetRequiredValue(shape)),
                parsed.GetRequiredValue(process), TimeSpan.FromSeconds(parsed.GetRequiredValue(seconds))).RunAsync(cancellationToken);
            Report.Write(result, result.Rows(), parsed.GetValue(shared.Json));
            return result.Failures.Count == 0 ? 0 : 1;
        });
        return command;
    }
}
