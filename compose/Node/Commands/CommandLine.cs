using System.CommandLine;

namespace ArtMqtt.Node.Commands;

/// <summary>What the executable does besides running a node: verbs that talk to a running one, and make its secrets.</summary>
internal static class CommandLine
{
    /// <summary>Whether the arguments are for a verb, not for a node.</summary>
    public static bool Handles(string[] args) => args is
        [DevicesCommand.Name or TokensCommand.Name or RoutesCommand.Name or HealthCommand.Name or SecretsCommand.Name, ..];

    /// <summary>Runs the verb.</summary>
    /// <returns>0 when it was done, 1 when the node refused it or was not there, 2 for a wrong command line.</returns>
    public static async Task<int> RunAsync(string[] args)
    {
        var root = new RootCommand("Verbs that talk to a running node of ArtMqtt")
        {
            new DevicesCommand().Build(), new RoutesCommand().Build(), new TokensCommand().Build(),
            HealthCommand.Build(), SecretsCommand.Build(),
        };
        var parsed = root.Parse(args);
        try
        {
            var code = await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
            return parsed.Errors.Count > 0 ? 2 : code;
        }
        catch (CommandException e)
        {
            await Console.Error.WriteLineAsync(e.Message);
            return 1;
        }
    }
}
