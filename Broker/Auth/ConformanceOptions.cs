namespace ArtMqtt.Broker.Auth;

/// <summary>
/// The conformance profile: a plain MQTT broker without sign-in, so that foreign test suites can be pointed at it. It
/// can only be switched on where the broker listens to loopback alone.
/// </summary>
public sealed class ConformanceOptions
{
    /// <summary>Configuration section.</summary>
    public const string Section = "Broker:Conformance";

    /// <summary>The one filter that is refused: suites want to see how a refusal looks.</summary>
    public const string RefusedFilter = "test/nosubscribe";

    /// <summary>
    /// Whether anybody may connect, publish and subscribe, without positions, requests or devices. Default false.
    /// </summary>
    public bool Enabled { get; set; }
}
