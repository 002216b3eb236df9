using System.Reflection;
using System.Text.RegularExpressions;
using ArtMqtt.TestKit;
using ArtMqtt.WebGateway.Errors;

namespace ArtMqtt.WebGateway.Tests;

/// <summary>Every code that is used is explained.</summary>
public sealed partial class ErrorCodeTests
{
    [Fact]
    public void Every_code_is_in_the_documentation_once()
    {
        var gateway = typeof(ErrorCodes).GetFields(BindingFlags.Public | BindingFlags.Static)
            .Select(field => (string)field.GetRawConstantValue()!);
        var positions = CodesIn(PositionCode(), "Contracts", "Positions", "PositionError.cs")
            .Concat(CodesIn(PositionCode(), "Contracts", "Positions", "PositionCodec.cs"));
        var doors = CodesIn(DoorCode(), "Broker", "FrontDoors", "FrontDoorErrors.cs");
        var documented = DocumentedCode().Matches(
            File.ReadAllText(Path.Combine(Repository.Root, "docs", "errors.md")))
            .Select(match => match.Groups[1].Value).ToList();
        Assert.Equal(gateway.Union(doors).Concat(positions).Order(), documented.Order());
    }

    private static IEnumerable<string> CodesIn(Regex code, params string[] path) => code
        .Matches(File.ReadAllText(Path.Combine([Repository.Root, .. path]))).Select(match => match.Groups[1].Value);

    [GeneratedRegex("const string \\w+ = \"([a-z_]+)\"")]
    private static partial Regex DoorCode();

    [GeneratedRegex("\"(position_[a-z_]+)\"")]
    private static partial Regex PositionCode();

    [GeneratedRegex("^\\| `([a-z_]+)` \\|", RegexOptions.Multiline)]
    private static partial Regex DocumentedCode();
}
