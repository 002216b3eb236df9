using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Options;

namespace ArtMqtt.Node;

/// <summary>Runs the node. What stops its start and can be put right by a person is one line each, not a stack trace.</summary>
internal static partial class Startup
{
    private const string Usage = """
        A node of ArtMqtt: MQTT broker, ingest and web gateway in one process.

          --roles broker,ingest,gateway    what it does; default everything
          --DataFolder FOLDER              spool, secrets, last known fleet
          --Http:Port 8080                 HTTP; --Http:Address 127.0.0.1
          --Broker:Port 1883               MQTT; --Broker:Address 127.0.0.1
          --ConnectionStrings:Timescale X  database; without it a private one is started (timescale.sh)

          devices --help                   adds, lists, rotates, shuts out devices of a running node
          tokens --help                    issues JSON Web Tokens for people and devices
          health                           asks the node of this machine; exit code 0: it can serve
          secrets create FOLDER            makes secrets before the first start

        Every setting is --Section:Key on the command line, Section__Key in the environment, or in appsettings.json of
        the working folder. All of them: docs/operations.md.
        """;

    /// <summary>Reads the configuration, then builds and runs the node.</summary>
    /// <returns>The exit code: 0 after a graceful stop, 1 when it could not start or failed, 2 for a wrong command line.</returns>
    public static async Task<int> RunAsync(string[] args, Func<WebApplicationBuilder, NodeOptions, Task> run)
    {
        if (args is ["--help" or "-h"])
        {
            Console.WriteLine(Usage);
            return 0;
        }

        if (args.FirstOrDefault(a => !a.StartsWith('-')) is { } stray && args[0] == stray)
        {
            Console.Error.WriteLine($"'{stray}' is no option; see --help.");
            return 2;
        }

        var builder = WebApplication.CreateBuilder(args);
        try
        {
            UnknownSettings.Refuse(builder.Configuration);
            await run(builder, NodeOptions.Read(builder.Configuration));
            return 0;
        }
        catch (NodeFailedException e)
        {
            Console.Error.WriteLine($"The node had to stop: {e.Message}");
            return 1;
        }
        catch (Exception e) when (Explain(e, builder.Configuration).ToList() is { Count: > 0 } reasons)
        {
            reasons.ForEach(reason => Console.Error.WriteLine($"The node cannot start: {reason}"));
            return 1;
        }
    }

    /// <summary>Why the start failed, in words of the configuration; nothing when it is a fault of the program.</summary>
    internal static IEnumerable<string> Explain(Exception exception, IConfiguration configuration) => exception switch
    {
        StartException e => [e.Message],
        AggregateException e => e.InnerExceptions.SelectMany(inner => Explain(inner, configuration)),
        OptionsValidationException e => e.Failures.Select(failure => Explain(e.OptionsType, failure, configuration)),
        // What the configuration binder says names key, value and type.
        InvalidOperationException { InnerException: FormatException or ArgumentException } e => [e.Message],
        IOException { InnerException: AddressInUseException } e => [ExplainPort(e.Message, configuration)],
        // A spool that another process holds, a disk that is full.
        IOException e => [e.Message],
        UnauthorizedAccessException e => [e.Message],
        _ => [],
    };

    private static string ExplainPort(string message, IConfiguration configuration)
    {
        if (message.Contains($":{configuration["Broker:Tls:Port"] ?? "8883"}:", StringComparison.Ordinal))
        {
            return $"{message} Set Broker:Tls:Port to a free one, or 0 for no TLS.";
        }

        var isMqtt = message.Contains($":{configuration["Broker:Port"] ?? "1883"}:", StringComparison.Ordinal);
        return $"{message} Set {(isMqtt ? "Broker:Port" : "Http:Port")} to a free one (1 to 65535).";
    }

    private static string Explain(Type options, string failure, IConfiguration configuration)
    {
        var annotation = Annotation().Match(failure);
        if (!annotation.Success)
        {
            return failure;
        }

        var section = options.GetField("Section", BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic)
            ?.GetRawConstantValue() as string ?? options.Name;
        var key = $"{section}:{annotation.Groups["member"].Value}";
        var value = configuration[key] is { } text ? $"is '{text}'" : "is not set";
        return $"{key} {value}: {annotation.Groups["error"].Value}";
    }

    // The words of Microsoft.Extensions.Options.DataAnnotations; other words are shown as they are.
    [GeneratedRegex("members: '(?<member>[^',]+)[^']*' with the error: '(?<error>.+)'\\.$", RegexOptions.Singleline)]
    private static partial Regex Annotation();
}
