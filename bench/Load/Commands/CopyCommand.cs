using System.CommandLine;
using ArtMqtt.Load.Scenarios;

namespace ArtMqtt.Load.Commands;

/// <summary><c>copy</c>: what the database alone takes.</summary>
internal static class CopyCommand
{
    public static Command Create()
    {
        var shared = new SharedOptions();
        var database = new Option<string>("--database")
        {
            Description = "Connection string of a database whose positions a run has filled.",
            Required = true,
        };
        var batch = new Option<int>("--batch")
        {
            Description = "Rows in one COPY.",
            DefaultValueFactory = _ => 10_000,
        }.Between(1, 1_000_000);
        var process = new Option<int?>("--server-process")
        {
            Description = "Process id of the database server, to report its processor time.",
        };
        var command = new Command("copy", "Write the stored positions once more by bare binary COPY into an equal hypertable.")
        {
            database, batch, process, shared.Json,
        };
        command.SetAction((parsed, cancellationToken) => new CopyScenario(
            parsed.GetRequiredValue(database), parsed.GetRequiredValue(batch), parsed.GetValue(process),
            parsed.GetValue(shared.Json)).RunAsync(cancellationToken));
        return command;
    }
}
