using System.CommandLine;
using ArtMqtt.Load.Mqtt;
using ArtMqtt.Load.Node;

namespace ArtMqtt.Load.Commands;

/// <summary><c>provision</c>: devices with credentials, made over REST.</summary>
internal static class ProvisionCommand
{
    public static Command Create()
    {
        var shared = new SharedOptions();
        var node = new NodeOptions();
        var output = new Option<FileInfo>("--output")
        {
            Description = "Where to write \"device-id secret\" lines (mode 0600).",
            Required = true,
        };
        var command = new Command("provision", "Create devices on a node and keep their credentials in a file.")
        {
            node.Url, node.TokenFile, shared.Devices, output,
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var api = new NodeApi(parsed.GetRequiredValue(node.Url), parsed.GetRequiredValue(node.TokenFile).FullName);
            var logins = new List<DeviceLogin>();
            for (var i = 1; i <= parsed.GetRequiredValue(shared.Devices); i++)
            {
                logins.Add(await api.ProvideDeviceAsync(DeviceLogin.IdOf(i), cancellationToken));
            }

            DeviceLogin.Write(parsed.GetRequiredValue(output).FullName, logins);
            Console.WriteLine($"{logins.Count} devices in {parsed.GetRequiredValue(output)}");
        });
        return command;
    }
}
