using System.Globalization;

namespace ArtMqtt.WebGateway.Tests.Chaos;

/// <summary>How much chaos there is, and which: <c>ARTMQTT_CHAOS_EVENTS</c> and <c>ARTMQTT_CHAOS_SEED</c>.</summary>
internal static class ChaosRun
{
    /// <summary>Events of one test. Default 800: some 12 s.</summary>
    public static int Events { get; } = Read("ARTMQTT_CHAOS_EVENTS") ?? 800;

    /// <summary>The seed that was asked for, or a new one.</summary>
    public static int Seed() => Read("ARTMQTT_CHAOS_SEED") ?? Random.Shared.Next();

    private static int? Read(string name) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), CultureInfo.InvariantCulture, out var value) ? value : null;
}
