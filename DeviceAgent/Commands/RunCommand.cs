using System.CommandLine;
using ArtMqtt.DeviceAgent.Clocks;
using ArtMqtt.DeviceAgent.Filtering;
using ArtMqtt.DeviceAgent.Publishing;
using ArtMqtt.DeviceAgent.Running;
using ArtMqtt.DeviceAgent.Status;
using Microsoft.Extensions.Logging;

namespace ArtMqtt.DeviceAgent.Commands;

/// <summary><c>run</c>: the agent in a vehicle. Takes fixes from a receiver, keeps them on disk, delivers them.</summary>
internal sealed class RunCommand
{
    private readonly RunArguments _arguments = new();

    /// <summary>Builds the verb.</summary>
    public Command Build()
    {
        var command = new Command("run", "Publishes what a receiver in the vehicle tells, whatever the network does");
        _arguments.AddTo(command);
        command.SetAction(RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var options = _arguments.Publisher(parsed);
        using var logging = AgentLogging.Create();
        var clock = new BootClock(new Machine(), TimeProvider.System);
        var source = _arguments.CreateSource(parsed, clock, logging);
        await using var spool = _arguments.Spool.Open(parsed, logging);
        var filter = new FixFilter(_arguments.Filter.Read(parsed));

        PositionPublisher? keeper = null;
        var pump = new FixPump(
            source, filter, (fix, token) => keeper!.PublishAsync(fix, token), clock, TimeProvider.System,
            logging.CreateLogger<FixPump>());
        await using var publisher = new PositionPublisher(
            options, spool, TimeProvider.System, Random.Shared, logging.CreateLogger<PositionPublisher>(),
            control => Adjust(parsed, control, pump, keeper!), clock);
        keeper = publisher;
        var self = new SelfDescription(
            options, _arguments.Source(parsed), source.Counts, filter.Counts, pump, publisher, spool, clock, TimeProvider.System);
        await using var status = StatusSocket.TryOpen(
            _arguments.Spool.Folder(parsed), self.Read, TimeProvider.System, logging.CreateLogger<StatusSocket>());

        await PumpAsync(pump, publisher, cancellationToken);
        var report = new DeliveryReport(
            [publisher], source.Counts, TimeProvider.System,
            parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
        return await report.EndAsync(_arguments.Connection.Drain(parsed), _arguments.Connection.IsJson(parsed));
    }

    private static async Task PumpAsync(FixPump pump, PositionPublisher publisher, CancellationToken cancellationToken)
    {
        var service = new SystemdService(TimeProvider.System);
        var work = Task.WhenAny(pump.RunAsync(cancellationToken), publisher.Completion);
        var staying = service.StayAliveAsync(work, cancellationToken);
        service.Ready();
        try
        {
            await await work;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Ctrl-C: what was kept is still delivered; what is not stays in the spool.
        }

        service.Stopping();
        await staying;
    }

    private void Adjust(ParseResult parsed, DeviceControl? control, FixPump pump, PositionPublisher publisher)
    {
        if (_arguments.Filter.Control(parsed) == ControlUse.Thin)
        {
            pump.Adjust(control);
        }
        else
        {
            publisher.Pace.Change(control?.Interval ?? TimeSpan.Zero);
        }
    }
}
