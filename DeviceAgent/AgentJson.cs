using System.Text.Json;
using System.Text.Json.Serialization;
using ArtMqtt.DeviceAgent.Commands;
using ArtMqtt.DeviceAgent.Demo;
using ArtMqtt.DeviceAgent.Filtering;
using ArtMqtt.DeviceAgent.Status;

namespace ArtMqtt.DeviceAgent;

/// <summary>All JSON the agent reads and writes by type: known when it is built, so that the rest may be trimmed away.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(AgentStatus))]
[JsonSerializable(typeof(DeliveryTotals))]
[JsonSerializable(typeof(DemoRequest))]
[JsonSerializable(typeof(DemoContent))]
[JsonSerializable(typeof(DeviceControl))]
[JsonSerializable(typeof(DeviceCredential))]
[JsonSerializable(typeof(List<DeviceCredential>))]
internal sealed partial class AgentJson : JsonSerializerContext
{
    /// <summary>For files that people read.</summary>
    public static AgentJson Indented { get; } = new(new JsonSerializerOptions(JsonSerializerDefaults.Web) { WriteIndented = true });
}
