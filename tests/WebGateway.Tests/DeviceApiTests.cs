using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using ArtMqtt.Contracts.Fleet;
using ArtMqtt.Contracts.Security;
using Microsoft.Extensions.DependencyInjection;

namespace ArtMqtt.WebGateway.Tests;

/// <summary>Provisioning: secrets, certificates, shutting out.</summary>
public sealed class DeviceApiTests(Gateway gateway) : IClassFixture<Gateway>
{
    private static readonly CredentialHasher _hasher = new(new byte[32]);

    [Fact]
    public async Task A_rotated_secret_overlaps_for_a_day_or_as_long_as_asked()
    {
        var (deviceId, first) = await CreateAsync();

        var second = await gateway.CallAsync("POST", $"/api/devices/{deviceId}/secret");
        Assert.Equal((200, true, true), (second.Status, Fits(Device(deviceId).SecretHash, second), Fits(Device(deviceId).PreviousSecretHash, first)));
        Assert.InRange(
            second.Json.GetProperty("previousSecretUntil").GetDateTimeOffset() - TimeProvider.System.GetUtcNow(),
            TimeSpan.FromHours(23.9), TimeSpan.FromHours(24.1));

        var third = await gateway.CallAsync("POST", $"/api/devices/{deviceId}/secret", """{"overlapSeconds":60}""");
        Assert.True(Fits(Device(deviceId).PreviousSecretHash, second));
        Assert.InRange(
            Device(deviceId).PreviousSecretUntil!.Value - TimeProvider.System.GetUtcNow(), TimeSpan.FromSeconds(50), TimeSpan.FromSeconds(61));

        var ended = await gateway.CallAsync("DELETE", $"/api/devices/{deviceId}/secret/previous");
        Assert.Equal((200, JsonValueKind.Null), (ended.Status, ended.Json.GetProperty("previousSecretUntil").ValueKind));
        Assert.True(Fits(Device(deviceId).SecretHash, third) && Device(deviceId).PreviousSecretHash.IsEmpty);

        await gateway.CallAsync("POST", $"/api/devices/{deviceId}/secret", """{"overlapSeconds":0}""");
        Assert.True(Device(deviceId).PreviousSecretHash.IsEmpty);
        foreach (var wrong in new[] { -1, 2_592_001 })
        {
            var refused = await gateway.CallAsync(
                "POST", $"/api/devices/{deviceId}/secret", $$"""{"overlapSeconds":{{wrong}}}""");
            Assert.Equal((400, "invalid_request"), (refused.Status, refused.Code));
        }
    }

    [Fact]
    public async Task Disables_enables_and_removes()
    {
        var (deviceId, _) = await CreateAsync();
        Assert.False((await gateway.CallAsync("POST", $"/api/devices/{deviceId}/disable")).Json.GetProperty("isEnabled").GetBoolean());
        Assert.False(Device(deviceId).IsEnabled);
        Assert.True((await gateway.CallAsync("POST", $"/api/devices/{deviceId}/enable")).Json.GetProperty("isEnabled").GetBoolean());
        Assert.Equal(204, (await gateway.CallAsync("DELETE", $"/api/devices/{deviceId}")).Status);
        Assert.Equal("device_not_found", (await gateway.CallAsync("DELETE", $"/api/devices/{deviceId}")).Code);

        var (_, _, used) = await gateway.CreateAssignedAsync();
        Assert.Equal("device_in_use", (await gateway.CallAsync("DELETE", $"/api/devices/{used}")).Code);
    }

    [Fact]
    public async Task Pins_a_certificate_by_hash_or_by_itself()
    {
        var (deviceId, _) = await CreateAsync();
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var now = TimeProvider.System.GetUtcNow();
        using var certificate = new CertificateRequest($"CN={deviceId}", key, HashAlgorithmName.SHA256)
            .CreateSelfSigned(now, now.AddDays(1));
        var hash = certificate.GetCertHashString(HashAlgorithmName.SHA256);
        var colons = string.Join(':', hash.Chunk(2).Select(pair => new string(pair)));

        foreach (var body in new object[] { new { sha256 = hash }, new { sha256 = colons }, new { pem = certificate.ExportCertificatePem() } })
        {
            var pinned = await gateway.CallAsync(
                "PUT", $"/api/devices/{deviceId}/certificate", JsonSerializer.Serialize(body));
            Assert.Equal((200, hash.ToLowerInvariant()), (pinned.Status, pinned.Json.GetProperty("certificateSha256").GetString()));
            Assert.Equal(hash, Convert.ToHexString(Device(deviceId).CertificateHash.Span));
            await gateway.CallAsync("DELETE", $"/api/devices/{deviceId}/certificate");
            Assert.True(Device(deviceId).CertificateHash.IsEmpty);
        }

        foreach (var wrong in new[] { "{}", """{"sha256":"ab"}""", """{"pem":"x"}""", """{"sha256":"zz","pem":"x"}""" })
        {
            Assert.Equal(400, (await gateway.CallAsync("PUT", $"/api/devices/{deviceId}/certificate", wrong)).Status);
        }
    }

    [Theory]
    [InlineData("POST", "/api/devices/nobody/disable")]
    [InlineData("POST", "/api/devices/nobody/secret")]
    [InlineData("DELETE", "/api/devices/nobody/secret/previous")]
    [InlineData("DELETE", "/api/devices/nobody/certificate")]
    [InlineData("POST", "/api/devices/No-Id/enable")]
    public async Task Unknown_devices_are_404(string method, string path)
    {
        var answer = await gateway.CallAsync(method, path);
        Assert.Equal((404, "device_not_found"), (answer.Status, answer.Code));
    }

    private static bool Fits(ReadOnlyMemory<byte> hash, Answer answer) =>
        _hasher.Verify(Encoding.UTF8.GetBytes(answer.Json.GetProperty("secret").GetString()!), hash.Span);

    private FleetDevice Device(string deviceId) =>
        gateway.Services.GetRequiredService<IFleetDirectory>().FindDevice(deviceId)!;

    private async Task<(string DeviceId, Answer Created)> CreateAsync()
    {
        var deviceId = $"truck-{Guid.NewGuid():N}";
        return (deviceId, await gateway.CallAsync("POST", "/api/devices", $$"""{"deviceId":"{{deviceId}}"}"""));
    }
}
