using System.Security.Claims;
using ArtMqtt.Contracts;
using ArtMqtt.Contracts.Security;
using ArtMqtt.Store.Devices;
using ArtMqtt.WebGateway.Errors;
using ArtMqtt.WebGateway.Explorer;
using ArtMqtt.WebGateway.Security;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ArtMqtt.WebGateway.Devices;

/// <summary>The devices that may publish: added, listed, shut out, removed.</summary>
internal static class DeviceEndpoints
{
    private const int MaxNameLength = 200;
    private const int MaxPageSize = 1_000;

    public static void MapDevices(this IEndpointRouteBuilder app)
    {
        var read = app.MapGroup("/api/devices").WithTags("Devices").RequireAuthorization(Policies.Reader);
        read.MapGet("/", List).WithSummary("List devices by id").ProducesErrors(400, 401, 403);
        read.MapGet("/{deviceId}", Get).WithSummary("One device").ProducesErrors(401, 403, 404);

        var change = app.MapGroup("/api/devices").WithTags("Devices").RequireAuthorization(Policies.Dispatcher);
        change.MapPost("/", Create)
            .WithSummary("Add a device")
            .WithDescription("The answer holds its secret, the MQTT password; it is shown this once. Ids are unique over all tenants.")
            .WithBodyExample("""{"deviceId":"truck-7","name":"Tow truck, Munich"}""")
            .ProducesErrors(400, 401, 403, 409, 413, 415);
        change.MapPost("/{deviceId}/disable", Disable)
            .WithSummary("Shut a device out")
            .WithDescription("It cannot sign in by any credential; its open connections end within a second.")
            .ProducesErrors(401, 403, 404);
        change.MapPost("/{deviceId}/enable", Enable)
            .WithSummary("Let a device in again").ProducesErrors(401, 403, 404);
        change.MapDelete("/{deviceId}", Remove)
            .WithSummary("Remove a device that was never used")
            .WithDescription("One with positions or requests stays, or their history would lose it: disable it.")
            .ProducesErrors(401, 403, 404, 409);
        change.MapDeviceCredentials();
    }

    private static async Task<Results<Created<DeviceSecretView>, ProblemHttpResult>> Create(
        CreateDeviceBody body, ClaimsPrincipal user, DeviceRepository devices, CredentialHasher hasher,
        CancellationToken cancellationToken)
    {
        var errors = new FieldErrors()
            .Require(DeviceIds.IsValid(body.DeviceId), "deviceId", "'deviceId' must be 1 to 64 of a-z 0-9 . _ -")
            .RequireText(body.Name, "name", MaxNameLength)
            .RequireTenant(body.Tenant);
        if (errors.Any)
        {
            return Problems.Invalid(errors.ByField);
        }

        if (!user.MayName(body.Tenant, out var tenant))
        {
            return Problems.TenantNotAllowed();
        }

        var secret = CredentialHasher.NewSecret();
        var created = await devices.CreateAsync(
            body.DeviceId, body.Name, hasher.Hash(secret), cancellationToken, tenant);
        return created is { } device
            ? TypedResults.Created(
                $"/api/devices/{device.DeviceId}", new DeviceSecretView(device.DeviceId, device.Name, secret))
            : Problems.DeviceExists(body.DeviceId);
    }

    private static async Task<Results<Ok<DevicePage>, ProblemHttpResult>> List(
        ClaimsPrincipal user, DeviceRepository devices, TimeProvider time, CancellationToken cancellationToken,
        string? after = null, int limit = 100)
    {
        var errors = new FieldErrors()
            .Require(limit is >= 1 and <= MaxPageSize, "limit", $"'limit' must be 1 to {MaxPageSize}.")
            .Require(after is null || DeviceIds.IsValid(after), "after", "'after' must be a page's 'next'.");
        if (errors.Any)
        {
            return Problems.Invalid(errors.ByField);
        }

        var page = await devices.ListAsync(user.Scope(), after, limit, cancellationToken);
        return TypedResults.Ok(new DevicePage(
            [.. page.Select(device => DeviceView.Of(device, time.GetUtcNow()))],
            page.Count == limit ? page[^1].DeviceId : null));
    }

    private static async Task<Results<Ok<DeviceView>, ProblemHttpResult>> Get(
        string deviceId, DeviceRepository devices, TimeProvider time, CancellationToken cancellationToken) =>
        DeviceIds.IsValid(deviceId) && await devices.FindAsync(deviceId, cancellationToken) is { } device
            ? TypedResults.Ok(DeviceView.Of(device, time.GetUtcNow()))
            : Problems.DeviceNotFound(deviceId);

    private static Task<Results<Ok<DeviceView>, ProblemHttpResult>> Disable(
        string deviceId, DeviceRepository devices, TimeProvider time, CancellationToken cancellationToken) =>
        SetEnabledAsync(deviceId, false, devices, time, cancellationToken);

    private static Task<Results<Ok<DeviceView>, ProblemHttpResult>> Enable(
        string deviceId, DeviceRepository devices, TimeProvider time, CancellationToken cancellationToken) =>
        SetEnabledAsync(deviceId, true, devices, time, cancellationToken);

    private static async Task<Results<Ok<DeviceView>, ProblemHttpResult>> SetEnabledAsync(
        string deviceId, bool isEnabled, DeviceRepository devices, TimeProvider time,
        CancellationToken cancellationToken) =>
        DeviceIds.IsValid(deviceId)
        && await devices.SetEnabledAsync(deviceId, isEnabled, cancellationToken) is { } device
            ? TypedResults.Ok(DeviceView.Of(device, time.GetUtcNow()))
            : Problems.DeviceNotFound(deviceId);

    private static async Task<Results<NoContent, ProblemHttpResult>> Remove(
        string deviceId, DeviceRepository devices, CancellationToken cancellationToken)
    {
        var removal = DeviceIds.IsValid(deviceId)
            ? await devices.RemoveAsync(deviceId, cancellationToken)
            : DeviceRemoval.NotFound;
        return removal switch
        {
            DeviceRemoval.Removed => TypedResults.NoContent(),
            DeviceRemoval.InUse => Problems.DeviceInUse(deviceId),
            _ => Problems.DeviceNotFound(deviceId),
        };
    }
}
