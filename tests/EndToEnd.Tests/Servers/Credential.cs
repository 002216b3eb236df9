namespace ArtMqtt.EndToEnd.Tests.Servers;

/// <summary>A device and its secret.</summary>
internal sealed record Credential(string DeviceId, string Secret)
{
    /// <summary>Where it publishes.</summary>
    public string Topic => $"art/devices/{DeviceId}/position";
}
