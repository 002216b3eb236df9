namespace ArtMqtt.EndToEnd.Tests.Publishers;

/// <summary>What the DeviceAgent says at its end.</summary>
internal sealed record AgentCounts(long Published, long Acknowledged, long Refused, long Waiting, long Connects);
