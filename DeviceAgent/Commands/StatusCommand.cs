using System.CommandLine;
using System.Text.Json;
using ArtMqtt.DeviceAgent.Status;
using Spectre.Console;

namespace ArtMqtt.DeviceAgent.Commands;

/// <summary><c>status</c>: what a running agent does, as it does it.</summary>
internal sealed class StatusCommand
{
    private readonly Option<DirectoryInfo> _spool = new("--spool") { Description = "the agent's spool", Required = true };
    private readonly Option<bool> _json = new("--json") { Description = "print it once, as JSON" };

    /// <summary>Builds the verb.</summary>
    public Command Build()
    {
        var command = new Command("status", "Shows what a running agent does") { _spool, _json };
        command.SetAction(RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var spool = parsed.GetRequiredValue(_spool).FullName;
        var output = parsed.InvocationConfiguration.Output;
        await using var statuses = StatusReader.ReadAsync(spool, cancellationToken).GetAsyncEnumerator(cancellationToken);
        try
        {
            if (!await statuses.MoveNextAsync())
            {
                throw new UsageException($"No agent runs with the spool {spool}, or it belongs to somebody else.");
            }

            if (parsed.GetValue(_json))
            {
                await output.WriteLineAsync(JsonSerializer.Serialize(statuses.Current, AgentJson.Default.AgentStatus));
                return ExitCode.Done;
            }

            var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(output) });
            var view = new StatusView(TimeProvider.System);
            if (!console.Profile.Capabilities.Interactive || Console.IsOutputRedirected)
            {
                console.Write(view.Draw(statuses.Current));
                return ExitCode.Done;
            }

            await console.Live(view.Draw(statuses.Current)).StartAsync(async live =>
            {
                while (await statuses.MoveNextAsync())
                {
                    live.UpdateTarget(view.Draw(statuses.Current));
                }
            });
            throw new UsageException("The agent has ended.");
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return ExitCode.Done;
        }
    }
}
