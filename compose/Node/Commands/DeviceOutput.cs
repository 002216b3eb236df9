using System.Globalization;
using System.Text.Json;

namespace ArtMqtt.Node.Commands;

/// <summary>Prints what a node says of devices: lines for people, or the JSON as it came.</summary>
internal static class DeviceOutput
{
    private static readonly JsonSerializerOptions _indented = new() { WriteIndented = true };

    /// <summary>One device: a line for each member that has a value.</summary>
    public static void Write(JsonElement device, bool asJson, TextWriter output)
    {
        if (asJson)
        {
            output.WriteLine(JsonSerializer.Serialize(device, _indented));
            return;
        }

        foreach (var member in device.EnumerateObject().Where(m => m.Value.ValueKind != JsonValueKind.Null))
        {
            output.WriteLine($"{member.Name,-20} {member.Value}");
        }
    }

    /// <summary>Many devices: a line for each.</summary>
    public static void Write(IReadOnlyList<JsonElement> devices, bool asJson, TextWriter output)
    {
        if (asJson)
        {
            output.WriteLine(JsonSerializer.Serialize(devices, _indented));
            return;
        }

        var width = devices.Select(device => Text(device, "deviceId").Length).Append(10).Max();
        foreach (var device in devices)
        {
            var state = device.GetProperty("isEnabled").GetBoolean() ? "enabled" : "disabled";
            var created = device.GetProperty("createdAt").GetDateTimeOffset()
                .ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);
            output.WriteLine($"{Text(device, "deviceId").PadRight(width)}  {state,-8}  {created}  {Text(device, "name")}".TrimEnd());
        }
    }

    private static string Text(JsonElement device, string name) => device.GetProperty(name).GetString() ?? "";
}
