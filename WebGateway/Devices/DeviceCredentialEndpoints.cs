using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ArtMqtt.Contracts;
using ArtMqtt.Contracts.Security;
using ArtMqtt.Store.Devices;
using ArtMqtt.WebGateway.Errors;
using ArtMqtt.WebGateway.Explorer;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace ArtMqtt.WebGateway.Devices;

/// <summary>Secrets and certificates of devices. Every change counts on all nodes, for open connections too.</summary>
internal static class DeviceCredentialEndpoints
{
    private const int MaxOverlapSeconds = 30 * 24 * 3600;

    public static void MapDeviceCredentials(this RouteGroupBuilder devices)
    {
        devices.MapPost("/{deviceId}/secret", Rotate)
            .WithSummary("Give a device a new secret")
            .WithDescription(
                "The answer holds it; it is shown this once. The old one stays valid for 'overlapSeconds' (default "
                + "Gateway:Devices:SecretOverlap, 24 h), so that the device can be told; 0 ends it at once.")
            .WithBodyExample("""{"overlapSeconds":3600}""").ProducesErrors(400, 401, 403, 404);
        devices.MapDelete("/{deviceId}/secret/previous", EndPrevious)
            .WithSummary("End the old secret before its time")
            .WithDescription("Connections that signed in with it end within a second.")
            .ProducesErrors(401, 403, 404);
        devices.MapPut("/{deviceId}/certificate", Pin)
            .WithSummary("Pin a certificate to a device")
            .WithDescription("From now on no other of its name is accepted. Send its SHA-256, or the certificate as PEM.")
            .WithBodyExample($$"""{"sha256":"{{new string('a', 64)}}"}""").ProducesErrors(400, 401, 403, 404, 413, 415);
        devices.MapDelete("/{deviceId}/certificate", Unpin)
            .WithSummary("Accept any certificate of the device's name").ProducesErrors(401, 403, 404);
    }

    private static async Task<Results<Ok<DeviceSecretView>, ProblemHttpResult>> Rotate(
        string deviceId, RotateSecretBody? body, DeviceRepository devices, CredentialHasher hasher,
        IOptions<DeviceOptions> options, CancellationToken cancellationToken)
    {
        var errors = new FieldErrors().Require(
            body?.OverlapSeconds is null or (>= 0 and <= MaxOverlapSeconds), "overlapSeconds",
            $"'overlapSeconds' must be 0 to {MaxOverlapSeconds}.");
        if (errors.Any)
        {
            return Problems.Invalid(errors.ByField);
        }

        var overlap = body?.OverlapSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : options.Value.SecretOverlap;
        var secret = CredentialHasher.NewSecret();
        return DeviceIds.IsValid(deviceId)
            && await devices.RotateSecretAsync(deviceId, hasher.Hash(secret), overlap, cancellationToken) is { } device
                ? TypedResults.Ok(new DeviceSecretView(deviceId, device.Name, secret, device.PreviousSecretUntil))
                : Problems.DeviceNotFound(deviceId);
    }

    private static async Task<Results<Ok<DeviceView>, ProblemHttpResult>> EndPrevious(
        string deviceId, DeviceRepository devices, TimeProvider time, CancellationToken cancellationToken) =>
        DeviceIds.IsValid(deviceId) && await devices.EndPreviousSecretAsync(deviceId, cancellationToken) is { } device
            ? TypedResults.Ok(DeviceView.Of(device, time.GetUtcNow()))
            : Problems.DeviceNotFound(deviceId);

    private static async Task<Results<Ok<DeviceView>, ProblemHttpResult>> Pin(
        string deviceId, PinCertificateBody body, DeviceRepository devices, TimeProvider time,
        CancellationToken cancellationToken)
    {
        if (ReadHash(body) is not { } hash)
        {
            return Problems.Invalid(new FieldErrors().Require(
                false, "sha256", "Send either 'sha256', 64 hex digits, or 'pem', one certificate.").ByField);
        }

        return DeviceIds.IsValid(deviceId)
            && await devices.PinCertificateAsync(deviceId, hash, cancellationToken) is { } device
                ? TypedResults.Ok(DeviceView.Of(device, time.GetUtcNow()))
                : Problems.DeviceNotFound(deviceId);
    }

    private static async Task<Results<Ok<DeviceView>, ProblemHttpResult>> Unpin(
        string deviceId, DeviceRepository devices, TimeProvider time, CancellationToken cancellationToken) =>
        DeviceIds.IsValid(deviceId)
        && await devices.PinCertificateAsync(deviceId, null, cancellationToken) is { } device
            ? TypedResults.Ok(DeviceView.Of(device, time.GetUtcNow()))
            : Problems.DeviceNotFound(deviceId);

    private static byte[]? ReadHash(PinCertificateBody body)
    {
        try
        {
            switch (body)
            {
                case { Sha256: { } text, Pem: null }:
                    var hash = Convert.FromHexString(text.Replace(":", "", StringComparison.Ordinal));
                    return hash.Length == SHA256.HashSizeInBytes ? hash : null;
                case { Sha256: null, Pem: { } pem }:
                    using (var certificate = X509Certificate2.CreateFromPem(pem))
                    {
                        return certificate.GetCertHash(HashAlgorithmName.SHA256);
                    }

                default:
                    return null;
            }
        }
        catch (Exception e) when (e is FormatException or CryptographicException)
        {
            return null;
        }
    }
}
