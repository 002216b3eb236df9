using System.Diagnostics;
using ArtMqtt.TestKit;

namespace ArtMqtt.EndToEnd.Tests;

/// <summary>The programs under test, as built with these tests.</summary>
internal static class Programs
{
    // artifacts/bin/EndToEnd.Tests/debug: the others stand beside it, in the same configuration.
    private static readonly string _configuration =
        Path.GetFileName(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar));

    /// <summary>Starts <c>compose/Node</c>.</summary>
    public static ProcessStartInfo Node(params IEnumerable<string> arguments) =>
        Create("Node", "ArtMqtt.Node.dll", arguments);

    /// <summary>Starts <c>DeviceAgent</c>.</summary>
    public static ProcessStartInfo DeviceAgent(params IEnumerable<string> arguments) =>
        Create("DeviceAgent", "ArtMqtt.DeviceAgent.dll", arguments);

    /// <summary>Ends the test when a program that is not ours is not on this machine.</summary>
    public static void Require(string program) => Assert.SkipUnless(
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .Any(folder => File.Exists(Path.Combine(folder, program))),
        $"{program} is not installed.");

    private static ProcessStartInfo Create(string project, string assembly, IEnumerable<string> arguments) =>
        new("dotnet", [
            Path.Combine(Repository.Root, "artifacts", "bin", project, _configuration, assembly), .. arguments]);
}
