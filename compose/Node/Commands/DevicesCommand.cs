using System.CommandLine;
using System.Globalization;
using System.Text.Json;

namespace ArtMqtt.Node.Commands;

/// <summary><c>devices</c>: provisions the devices of a running node.</summary>
internal sealed class DevicesCommand
{
    /// <summary>The verb.</summary>
    public const string Name = "devices";

    private readonly NodeConnection _node = new();
    private readonly Option<bool> _json = new("--json") { Description = "print JSON", Recursive = true };

    /// <summary>Builds the verb and those below it.</summary>
    public Command Build()
    {
        var command = new Command(Name, "Adds, lists and changes the devices of a running node")
        {
            Add(),
            List(),
            One("show", "Shows a device", "GET", ""),
            Rotate(),
            One("revoke", "Ends a rotated-out secret before its time", "DELETE", "/secret/previous"),
            One("disable", "Shuts a device out; its connections end within a second", "POST", "/disable"),
            One("enable", "Lets a device in again", "POST", "/enable"),
            Pin(),
            One("unpin", "Accepts any certificate of the device's name again", "DELETE", "/certificate"),
            One("erase", "Erases everything a device has reported, for good; the device stays", "DELETE", "/history", NodeConnection.AdminToken),
            One("remove", "Removes a device that was never used", "DELETE", ""),
        };
        _node.AddTo(command);
        command.Options.Add(_json);
        return command;
    }

    private static Argument<string> Id() => new("id") { Description = "device id" };

    private static string PathOf(string id, string rest = "") => $"api/devices/{Uri.EscapeDataString(id)}{rest}";

    private Command Add()
    {
        var id = Id();
        var name = new Option<string?>("--name") { Description = "what people call it" };
        var tenant = new Option<string?>("--tenant") { Description = "the firm whose it is; with an admin's token" };
        var command = new Command("add", "Adds a device and prints its secret, once") { id, name, tenant };
        command.SetAction((parsed, token) => CallAsync(
            parsed, "POST", "api/devices",
            new { deviceId = parsed.GetRequiredValue(id), name = parsed.GetValue(name), tenant = parsed.GetValue(tenant) },
            token, parsed.GetValue(tenant) is null ? NodeConnection.DispatcherToken : NodeConnection.AdminToken));
        return command;
    }

    private Command Rotate()
    {
        var id = Id();
        var overlap = new Option<TimeSpan?>("--overlap")
        {
            Description = "how long the old secret stays valid, for example 01:00:00, 2.00:00:00 or 0; default of the node: 24 h",
            CustomParser = result => TimeSpan.TryParse(result.Tokens.Single().Value, CultureInfo.InvariantCulture, out var time)
                ? time
                : Refuse(result),
        };
        var command = new Command("rotate", "Gives a device a new secret and prints it, once") { id, overlap };
        command.SetAction((parsed, token) => CallAsync(
            parsed, "POST", PathOf(parsed.GetRequiredValue(id), "/secret"),
            new { overlapSeconds = (int?)parsed.GetValue(overlap)?.TotalSeconds }, token));
        return command;

        static TimeSpan? Refuse(System.CommandLine.Parsing.ArgumentResult result)
        {
            result.AddError("--overlap must be a time: 01:00:00, 2.00:00:00 or 0.");
            return null;
        }
    }

    private Command Pin()
    {
        var id = Id();
        var certificate = new Option<FileInfo?>("--certificate") { Description = "PEM file of the certificate" };
        var sha256 = new Option<string?>("--sha256") { Description = "its SHA-256 in hex" };
        var command = new Command("pin", "Accepts this certificate only") { id, certificate, sha256 };
        command.Validators.Add(result =>
        {
            if (result.GetValue(certificate) is null == result.GetValue(sha256) is null)
            {
                result.AddError("Give either --certificate or --sha256.");
            }
        });
        command.SetAction((parsed, token) => CallAsync(
            parsed, "PUT", PathOf(parsed.GetRequiredValue(id), "/certificate"),
            new { sha256 = parsed.GetValue(sha256), pem = Read(parsed.GetValue(certificate)) }, token));
        return command;
    }

    private static string? Read(FileInfo? file)
    {
        try
        {
            return file is null ? null : File.ReadAllText(file.FullName);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CommandException(e.Message);
        }
    }

    private Command List()
    {
        var command = new Command("list", "Lists all devices");
        command.SetAction(async (parsed, token) =>
        {
            using var api = _node.Open(parsed);
            DeviceOutput.Write(await api.ListAsync("api/devices", token), parsed.GetValue(_json), Console.Out);
        });
        return command;
    }

    private Command One(
        string name, string description, string method, string rest, string secret = NodeConnection.DispatcherToken)
    {
        var id = Id();
        var command = new Command(name, description) { id };
        command.SetAction((parsed, token) => CallAsync(
            parsed, method, PathOf(parsed.GetRequiredValue(id), rest), null, token, secret));
        return command;
    }

    private async Task CallAsync(
        ParseResult parsed, string method, string path, object? body, CancellationToken cancellationToken,
        string secret = NodeConnection.DispatcherToken)
    {
        using var api = _node.Open(parsed, secret);
        var answer = await api.CallAsync(method, path, body, cancellationToken);
        if (answer.ValueKind != JsonValueKind.Undefined)
        {
            DeviceOutput.Write(answer, parsed.GetValue(_json), Console.Out);
        }
    }
}
