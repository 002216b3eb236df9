using ArtMqtt.Contracts;
using ArtMqtt.Contracts.Security;
using ArtMqtt.Store.Devices;
using ArtMqtt.WebGateway.Errors;
using ArtMqtt.WebGateway.Explorer;
using ArtMqtt.WebGateway.Security;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ArtMqtt.WebGateway.Devices;

/// <summary>The devices that may publish, and their secrets.</summary>
internal static class DeviceEndpoints
{
    private const int MaxNameLength = 200;
    private const int MaxPageSize = 1_000;

    public static void MapDevices(this IEndpointRouteBuilder app)
    {
        var group = app.MapGroup("/api/devices").WithTags("Devices").RequireAuthorization(Policies.Dispatcher);
        group.MapPost("/", Create)
            .WithSummary("Add a device")
            .WithDescription("The answer holds its secret, the MQTT password; it is shown this once.")
            .WithBodyExample("""{"deviceId":"truck-7","name":"Tow truck, Munich"}""")
            .ProducesErrors(400, 401, 403, 409, 413, 415);
        group.MapGet("/", List).WithSummary("List devices by id").ProducesErrors(400, 401, 403);
        group.MapGet("/{deviceId}", Get).WithSummary("One device").ProducesErrors(401, 403, 404);
        group.MapPost("/{deviceId}/secret", RenewSecret)
            .WithSummary("Give a device a new secret").WithDescription("The old one stops working at once.")
            .ProducesErrors(401, 403, 404);
    }

    private static async Task<Results<Created<DeviceSecretView>, ProblemHttpResult>> Create(
        CreateDeviceBody body, DeviceRepository devices, CredentialHasher hasher, CancellationToken cancellationToken)
    {
        var errors = new FieldErrors()
            .Require(DeviceIds.IsValid(body.DeviceId), "deviceId", "'deviceId' must be 1 to 64 of a-z 0-9 . _ -")
            .RequireText(body.Name, "name", MaxNameLength);
        if (errors.Any)
        {
            return Problems.Invalid(errors.ByField);
        }

        var secret = CredentialHasher.NewSecret();
        return await devices.CreateAsync(body.DeviceId, body.Name, hasher.Hash(secret), cancellationToken) is { } device
            ? TypedResults.Created(
                $"/api/devices/{device.DeviceId}", new DeviceSecretView(device.DeviceId, device.Name, secret))
            : Problems.DeviceExists(body.DeviceId);
    }

    private static async Task<Results<Ok<DevicePage>, ProblemHttpResult>> List(
        DeviceRepository devices, CancellationToken cancellationToken, string? after = null, int limit = 100)
    {
        var errors = new FieldErrors()
            .Require(limit is >= 1 and <= MaxPageSize, "limit", $"'limit' must be 1 to {MaxPageSize}.")
            .Require(after is null || DeviceIds.IsValid(after), "after", "'after' must be a page's 'next'.");
        if (errors.Any)
        {
            return Problems.Invalid(errors.ByField);
        }

        var page = await devices.ListAsync(after, limit, cancellationToken);
        return TypedResults.Ok(new DevicePage(
            [.. page.Select(DeviceView.Of)], page.Count == limit ? page[^1].DeviceId : null));
    }

    private static async Task<Results<Ok<DeviceView>, ProblemHttpResult>> Get(
        string deviceId, DeviceRepository devices, CancellationToken cancellationToken) =>
        DeviceIds.IsValid(deviceId) && await devices.FindAsync(deviceId, cancellationToken) is { } device
            ? TypedResults.Ok(DeviceView.Of(device))
            : Problems.DeviceNotFound(deviceId);

    private static async Task<Results<Ok<DeviceSecretView>, ProblemHttpResult>> RenewSecret(
        string deviceId, DeviceRepository devices, CredentialHasher hasher, CancellationToken cancellationToken)
    {
        var secret = CredentialHasher.NewSecret();
        return DeviceIds.IsValid(deviceId)
            && await devices.FindAsync(deviceId, cancellationToken) is { } device
            && await devices.SetSecretAsync(deviceId, hasher.Hash(secret), cancellationToken)
            ? TypedResults.Ok(new DeviceSecretView(deviceId, device.Name, secret))
            : Problems.DeviceNotFound(deviceId);
    }
}
