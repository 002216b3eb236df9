namespace ArtMqtt.DeviceAgent.Commands;

/// <summary>How the program ends.</summary>
internal static class ExitCode
{
    /// <summary>Everything was delivered.</summary>
    public const int Done = 0;

    /// <summary>A wrong option, file or answer; the message says which.</summary>
    public const int Failed = 1;

    /// <summary>It ended while positions were not acknowledged.</summary>
    public const int NotDelivered = 2;
}
