using System.Text.RegularExpressions;

namespace ArtMqtt.Architecture.Tests;

public sealed partial class SourceTests
{
    private static readonly IReadOnlyList<(string Path, string Text)> _sources =
        [.. SourceTree.Files("*.cs").Where(IsProduct).Select(path => (path, SourceTree.Text(path)))];

    [Fact]
    public void Sql_and_npgsql_are_only_in_the_store()
    {
        // Ingest runs no SQL, but tells the store's permanent errors by their exception type. To be removed when the
        // store hides that type: nothing else may be added here.
        Assert.Empty(Where(Npgsql(), "Store/", "compose/", "Ingest/BatchStore.cs"));
        // The broker's own file of sessions and retained messages is no part of the store.
        Assert.Empty(Where(Sql(), "Store/", "compose/", "Broker/Mqtt/Storage/StateDatabase.cs"));
    }

    [Fact]
    public void Mqttnet_is_only_a_client_of_other_brokers() => Assert.Empty(Where(MqttNet(), "DeviceAgent/", "Broker/Upstream/"));

    [Fact]
    public void Signalr_is_only_in_the_gateways_live_folder() =>
        Assert.Empty(Where(SignalR(), "WebGateway/Live/"));

    [Fact]
    public void Redis_is_only_in_live() => Assert.Empty(Where(Redis(), "Live/"));

    [Fact]
    public void Nothing_is_called_helper_utility_or_manager() =>
        Assert.DoesNotContain(_sources, s => Drawer().IsMatch(Path.GetFileName(s.Path)));

    [Fact]
    public void The_rules_look_at_real_files()
    {
        Assert.Contains(_sources, s => s.Path.StartsWith("Store/", StringComparison.Ordinal) && Sql().IsMatch(s.Text));
        Assert.Contains(
            _sources, s => s.Path.StartsWith("DeviceAgent/", StringComparison.Ordinal) && MqttNet().IsMatch(s.Text));
        Assert.Matches(Sql(), "    SELECT id FROM devices");
        Assert.Matches(SignalR(), "using Microsoft.AspNetCore.SignalR;");
    }

    private static bool IsProduct(string path) =>
        !path.StartsWith("tests/", StringComparison.Ordinal) && !path.StartsWith("bench/", StringComparison.Ordinal);

    private static IEnumerable<string> Where(Regex rule, params string[] allowed) => _sources
        .Where(s => !allowed.Any(folder => s.Path.StartsWith(folder, StringComparison.Ordinal)) && rule.IsMatch(s.Text))
        .Select(s => s.Path);

    [GeneratedRegex(@"^\s*(global )?using (static )?(\w+ = )?Npgsql\b", RegexOptions.Multiline)]
    private static partial Regex Npgsql();

    [GeneratedRegex(@"\b(SELECT\s.+\sFROM|INSERT\s+INTO|DELETE\s+FROM|UPDATE\s+\w+\s+SET|CREATE\s+TABLE)\s", RegexOptions.Singleline)]
    private static partial Regex Sql();

    [GeneratedRegex(@"^\s*(global )?using (static )?(\w+ = )?MQTTnet\b", RegexOptions.Multiline)]
    private static partial Regex MqttNet();

    [GeneratedRegex(@"^\s*(global )?using (static )?(\w+ = )?Microsoft\.AspNetCore\.SignalR\b", RegexOptions.Multiline)]
    private static partial Regex SignalR();

    [GeneratedRegex(@"^\s*(global )?using (static )?(\w+ = )?StackExchange\.Redis\b", RegexOptions.Multiline)]
    private static partial Regex Redis();

    [GeneratedRegex(@"(Helper|Helpers|Utils|Utility|Utilities|Manager|Common)\.cs$")]
    private static partial Regex Drawer();
}
