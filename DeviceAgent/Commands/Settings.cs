using System.Collections;
using System.CommandLine;
using Microsoft.Extensions.Configuration;

namespace ArtMqtt.DeviceAgent.Commands;

/// <summary>
/// The options of a verb from everywhere: a flag counts before <c>ARTMQTT_…</c> in the environment, that before the
/// configuration file, that before the default. All are checked by the same rules.
/// </summary>
internal sealed class Settings
{
    private const string Prefix = "ARTMQTT_";
    private const string FileVariable = "ARTMQTT_CONFIG";

    private readonly Dictionary<string, string> _origins = [];
    private readonly RootCommand _root;

    /// <summary>Puts <c>--config</c> on all verbs of a program.</summary>
    public Settings(RootCommand root)
    {
        _root = root;
        _root.Options.Add(File);
    }

    /// <summary>The option of the file.</summary>
    public Option<FileInfo> File { get; } = new("--config")
    {
        Description = $"JSON file with options, {{\"min-interval\": 5}}; or {FileVariable}. ARTMQTT_MIN_INTERVAL counts before "
            + "it, --min-interval before that",
        Recursive = true,
    };

    private IEnumerable<Option> All => _root.Subcommands.SelectMany(command => command.Options).Where(IsSetting);

    /// <summary>Parses the flags together with what environment and file add.</summary>
    /// <param name="args">The flags.</param>
    /// <param name="environment">The environment.</param>
    /// <param name="log">Is told of variables that look like ours and are not.</param>
    /// <exception cref="UsageException">The file cannot be read, or holds something unknown.</exception>
    public ParseResult Parse(IReadOnlyList<string> args, IDictionary environment, TextWriter log)
    {
        var flags = _root.Parse(args);
        var command = flags.CommandResult.Command;
        if (command == _root)
        {
            return flags;
        }

        var path = flags.GetValue(File)?.FullName ?? environment[FileVariable] as string;
        var file = Read(path);
        WarnOfUnknown(environment, log);
        var more = new List<string>(args);
        foreach (var option in command.Options.Where(IsSetting).Where(o => flags.GetResult(o) is not { Implicit: false }))
        {
            var variable = VariableOf(option);
            var isVariable = environment[variable] is string;
            var values = isVariable ? [environment[variable] as string] : ValuesOf(file.GetSection(KeyOf(option)));
            more.AddRange(values.Select(value => $"{option.Name}={value}"));
            if (values.Length > 0)
            {
                _origins[option.Name] = isVariable
                    ? $"{variable}={values[0]}"
                    : $"\"{KeyOf(option)}\": {string.Join(", ", values)} in {path}";
            }
        }

        return _root.Parse(more);
    }

    /// <summary>What is wrong, and where it was said.</summary>
    public IEnumerable<string> Explain(ParseResult parsed) => parsed.Errors.Select(error =>
        // The longest name: --spool is in --spool-mib.
        _origins.OrderByDescending(o => o.Key.Length).FirstOrDefault(o => error.Message.Contains(o.Key, StringComparison.Ordinal)).Value is { } origin
            ? $"{error.Message} ({origin})"
            : error.Message);

    private static bool IsSetting(Option option) =>
        option.Name.StartsWith("--", StringComparison.Ordinal) && option.Name is not ("--config" or "--help" or "--version");

    private static string KeyOf(Option option) => option.Name[2..];

    private static string VariableOf(Option option) => Prefix + KeyOf(option).ToUpperInvariant().Replace('-', '_');

    private static string?[] ValuesOf(IConfigurationSection section) => section.Value is not null
        ? [section.Value]
        : [.. section.GetChildren().Select(child => child.Value)];

    private IConfiguration Read(string? path)
    {
        var builder = new ConfigurationBuilder();
        if (path is not null)
        {
            builder.AddJsonFile(Path.GetFullPath(path), optional: false);
        }

        IConfiguration file;
        try
        {
            file = builder.Build();
        }
        catch (Exception e) when (e is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            throw new UsageException($"{path}: {(e.InnerException?.InnerException ?? e.InnerException ?? e).Message}");
        }

        var known = All.Select(KeyOf).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
        var unknown = file.GetChildren().Select(child => child.Key).Except(known, StringComparer.Ordinal).ToList();
        return unknown.Count == 0
            ? file
            : throw new UsageException(
                $"{path}: unknown {string.Join(", ", unknown.Select(key => $"\"{key}\""))}. Known are: {string.Join(", ", known)}.");
    }

    private void WarnOfUnknown(IDictionary environment, TextWriter log)
    {
        var known = All.Select(VariableOf).Append(FileVariable).Append(SecretSource.Variable).ToHashSet();
        foreach (var name in environment.Keys.Cast<string>()
            .Where(name => name.StartsWith(Prefix, StringComparison.Ordinal) && !known.Contains(name)).Order())
        {
            log.WriteLine($"warning: {name} is no setting of this program.");
        }
    }
}
