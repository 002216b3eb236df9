using System.CommandLine;
using System.Globalization;
using System.Text.Json;

namespace ArtMqtt.Node.Commands;

/// <summary><c>tokens</c>: has a running node issue JSON Web Tokens and take them back.</summary>
internal sealed class TokensCommand
{
    /// <summary>The verb.</summary>
    public const string Name = "tokens";

    private readonly NodeConnection _node = new();

    /// <summary>Builds the verb and those below it.</summary>
    public Command Build()
    {
        var command = new Command(Name, "Issues JSON Web Tokens for people and devices and takes them back, with the admins' token")
        {
            Create(), List(), Revoke(),
        };
        _node.AddTo(command);
        return command;
    }

    private Command Create()
    {
        var role = new Option<string>("--role")
        {
            Description = "admin, dispatcher, analyst, operator, device or customer",
            Required = true,
        };
        var subject = new Option<string?>("--subject") { Description = "who it is for" };
        var device = new Option<string?>("--device") { Description = "the device of an operator or device" };
        var request = new Option<Guid?>("--request") { Description = "the request of a customer" };
        var tenant = new Option<string?>("--tenant") { Description = "the firm whose devices and requests it may know of" };
        var lifetime = new Option<TimeSpan?>("--lifetime")
        {
            Description = "how long it counts, for example 08:00:00 or 30.00:00:00; default 1 h",
            CustomParser = result => TimeSpan.TryParse(result.Tokens.Single().Value, CultureInfo.InvariantCulture, out var time)
                ? time
                : Refuse(result),
        };
        var json = new Option<bool>("--json") { Description = "print all that is known of it as JSON, not the token alone" };
        var command = new Command("create", "Issues a token and prints it, once")
        {
            role, subject, device, request, tenant, lifetime, json,
        };
        command.SetAction(async (parsed, token) =>
        {
            using var api = _node.Open(parsed, NodeConnection.AdminToken);
            var made = await api.CallAsync(
                "POST", "api/tokens",
                new
                {
                    role = parsed.GetRequiredValue(role),
                    subject = parsed.GetValue(subject),
                    deviceId = parsed.GetValue(device),
                    requestId = parsed.GetValue(request),
                    tenant = parsed.GetValue(tenant),
                    lifetimeSeconds = (int?)parsed.GetValue(lifetime)?.TotalSeconds,
                },
                token);
            Write(made, parsed.GetValue(json));
        });
        return command;

        static TimeSpan? Refuse(System.CommandLine.Parsing.ArgumentResult result)
        {
            result.AddError("--lifetime must be a time: 08:00:00 or 30.00:00:00.");
            return null;
        }
    }

    private Command List()
    {
        var json = new Option<bool>("--json") { Description = "print JSON" };
        var command = new Command("list", "Lists the tokens that were issued, newest first") { json };
        command.SetAction(async (parsed, token) =>
        {
            using var api = _node.Open(parsed, NodeConnection.AdminToken);
            TokenOutput.Write(await api.ListAsync("api/tokens", token), parsed.GetValue(json), Console.Out);
        });
        return command;
    }

    private Command Revoke()
    {
        var id = new Argument<string>("id") { Description = "its id: from the list, or the claim jti" };
        var command = new Command("revoke", "Takes a token back for good; what is open with it is closed") { id };
        command.SetAction(async (parsed, token) =>
        {
            using var api = _node.Open(parsed, NodeConnection.AdminToken);
            await api.CallAsync("DELETE", $"api/tokens/{Uri.EscapeDataString(parsed.GetRequiredValue(id))}", null, token);
        });
        return command;
    }

    private static void Write(JsonElement made, bool asJson)
    {
        if (asJson)
        {
            DeviceOutput.Write(made, asJson, Console.Out);
        }
        else
        {
            Console.WriteLine(made.GetProperty("token").GetString());
        }
    }
}
