using System.CommandLine;
using ArtMqtt.DeviceAgent.Clocks;
using ArtMqtt.DeviceAgent.Doctor;
using Microsoft.Extensions.Logging.Abstractions;

namespace ArtMqtt.DeviceAgent.Commands;

/// <summary><c>doctor</c>: looks at all the agent needs, with the options of <c>run</c>, and says what to do.</summary>
internal sealed class DoctorCommand
{
    private readonly RunArguments _arguments = new();
    private readonly Option<double> _wait = new("--wait")
    {
        Description = "longest wait for a fix and for each server, in seconds",
        DefaultValueFactory = _ => 15,
    };

    /// <summary>Builds the verb.</summary>
    public Command Build()
    {
        var command = new Command("doctor", "Checks receiver, clock, disk, credentials and servers, with the options of run")
        {
            _wait,
        };
        _arguments.AddTo(command);
        ConnectionOptions.Between(_wait, 0.1, 3600);
        command.SetAction(RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var options = _arguments.Publisher(parsed);
        var output = parsed.InvocationConfiguration.Output;
        var clock = new BootClock(new Machine(), TimeProvider.System);
        var source = _arguments.CreateSource(parsed, clock, NullLoggerFactory.Instance);
        var patience = TimeSpan.FromSeconds(parsed.GetValue(_wait));
        IAsyncEnumerable<Finding>[] looks =
        [
            new MachineCheck(options, _arguments.Spool.Folder(parsed), TimeProvider.System).RunAsync(cancellationToken),
            new ServerCheck(options, patience, TimeProvider.System).RunAsync(cancellationToken),
            new ReceiverCheck(source, _arguments.Source(parsed), patience, TimeProvider.System).RunAsync(cancellationToken),
        ];
        var worst = Grade.Ok;
        foreach (var look in looks)
        {
            await foreach (var finding in look)
            {
                worst = finding.Grade > worst ? finding.Grade : worst;
                await output.WriteLineAsync($"{Word(finding.Grade),-8} {finding.Subject}: {finding.Text}");
                if (finding.Grade != Grade.Ok && finding.Advice is not null)
                {
                    await output.WriteLineAsync($"         -> {finding.Advice}");
                }
            }
        }

        return worst == Grade.Failure ? ExitCode.Failed : ExitCode.Done;
    }

    private static string Word(Grade grade) => grade switch
    {
        Grade.Ok => "ok",
        Grade.Warning => "warning",
        _ => "FAILED",
    };
}
