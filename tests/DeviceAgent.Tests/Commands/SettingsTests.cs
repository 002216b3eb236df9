using System.Collections;
using System.CommandLine;
using ArtMqtt.DeviceAgent.Commands;
using ArtMqtt.TestKit;

namespace ArtMqtt.DeviceAgent.Tests.Commands;

public sealed class SettingsTests : IDisposable
{
    private readonly TestFolder _folder = new();
    private readonly StringWriter _log = new();
    private readonly Hashtable _environment = [];

    private string FilePath => Path.Combine(_folder.Path, "agent.json");

    public void Dispose()
    {
        _folder.Dispose();
        _log.Dispose();
    }

    [Fact]
    public void A_flag_counts_before_the_environment_that_before_the_file_that_before_the_default()
    {
        Write("""{"device":"of-file","spool":"s","min-interval":1,"heartbeat":1,"min-turn":1,"server":["a:1","b:2"],"tls":true}""");
        _environment["ARTMQTT_MIN_INTERVAL"] = "2";
        _environment["ARTMQTT_HEARTBEAT"] = "2";
        var (parsed, _) = Parse("run", "--config", FilePath, "--heartbeat", "3");

        Assert.Empty(parsed.Errors);
        Assert.Equal("of-file", parsed.GetValue<string>("--device"));
        Assert.Equal(3, parsed.GetValue<double>("--heartbeat"));
        Assert.Equal(2, parsed.GetValue<double>("--min-interval"));
        Assert.Equal(1, parsed.GetValue<double>("--min-turn"));
        Assert.Equal(100, parsed.GetValue<double>("--min-distance"));
        Assert.Equal(["a:1", "b:2"], parsed.GetValue<string[]>("--server")!);
        Assert.True(parsed.GetValue<bool>("--tls"));
        Assert.Empty(_log.ToString());
    }

    [Fact]
    public void The_file_may_be_named_by_the_environment_and_serves_every_verb()
    {
        Write("""{"device":"d","spool":"here"}""");
        _environment["ARTMQTT_CONFIG"] = FilePath;

        Assert.Empty(Parse("run").Parsed.Errors);
        Assert.Equal("here", Parse("status").Parsed.GetValue<DirectoryInfo>("--spool")!.Name);
    }

    [Theory]
    [InlineData("""{"device":"d","spool":"s","spool-mib":0}""", "--spool-mib must be 1 to 1048576. (\"spool-mib\": 0 in ")]
    [InlineData("""{"device":"d","spool":"s","heartbeat":"often"}""", "(\"heartbeat\": often in ")]
    [InlineData("""{"device":"d","spool":"s","server":"ftp://x"}""", "(\"server\": ftp://x in ")]
    public void What_is_wrong_in_the_file_is_named_with_key_value_and_range(string json, string expected)
    {
        Write(json);
        var (parsed, settings) = Parse("run", "--config", FilePath);

        Assert.Contains(settings.Explain(parsed), line => line.Contains(expected, StringComparison.Ordinal));
    }

    [Fact]
    public void What_is_wrong_in_the_environment_is_named()
    {
        _environment["ARTMQTT_QOS"] = "7";
        var (parsed, settings) = Parse("run", "--device", "d", "--spool", "s");

        Assert.Contains("ARTMQTT_HEARTBEAT=-1", Explain("ARTMQTT_HEARTBEAT", "-1"), StringComparison.Ordinal);
        Assert.NotEmpty(settings.Explain(parsed));

        string Explain(string name, string value)
        {
            _environment[name] = value;
            var (wrong, of) = Parse("run", "--device", "d", "--spool", "s");
            return string.Join('\n', of.Explain(wrong));
        }
    }

    [Theory]
    [InlineData("""{"sever":"x"}""", "unknown \"sever\". Known are: ")]
    [InlineData("""{"secret":"hunter2"}""", "unknown \"secret\"")]
    [InlineData("""{"device":""", "LineNumber")]
    [InlineData(null, "not found")]
    public void A_file_that_cannot_be_read_or_holds_something_unknown_is_refused(string? json, string expected)
    {
        if (json is not null)
        {
            Write(json);
        }

        var refused = Assert.Throws<UsageException>(() => Parse("run", "--config", FilePath));

        Assert.Contains(FilePath, refused.Message, StringComparison.Ordinal);
        Assert.Contains(expected, refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_variable_that_looks_like_ours_and_is_not_is_named()
    {
        _environment["ARTMQTT_SEVER"] = "x";
        _environment["ARTMQTT_SECRET"] = "x";
        Parse("run", "--device", "d", "--spool", "s");

        Assert.Equal("warning: ARTMQTT_SEVER is no setting of this program.", _log.ToString().Trim());
    }

    private void Write(string json) => File.WriteAllText(FilePath, json);

    private (ParseResult Parsed, Settings Settings) Parse(params string[] args)
    {
        var settings = new Settings(new RootCommand { new RunCommand().Build(), new StatusCommand().Build() });
        return (settings.Parse(args, _environment, _log), settings);
    }
}
