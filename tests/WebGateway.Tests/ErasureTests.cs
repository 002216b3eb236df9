using System.Globalization;
using ArtMqtt.Contracts.Positions;
using ArtMqtt.Store.Positions;
using Microsoft.Extensions.DependencyInjection;

namespace ArtMqtt.WebGateway.Tests;

/// <summary>Erasing over REST.</summary>
public sealed class ErasureTests(Gateway gateway) : IClassFixture<Gateway>
{
    [Fact]
    public async Task A_device_forgets_and_goes_on()
    {
        var deviceId = await gateway.CreateDeviceAsync();
        var key = gateway.Services.GetRequiredService<Contracts.Fleet.IFleetDirectory>().FindDevice(deviceId)!.Key;
        await WriteAsync(new DateTimeOffset(2026, 5, 4, 10, 0, 0, TimeSpan.Zero));

        var erased = await gateway.CallAsync("DELETE", $"/api/devices/{deviceId}/history", token: gateway.Admin.ToString());
        var again = await gateway.CallAsync("DELETE", $"/api/devices/{deviceId}/history", token: gateway.Admin.ToString());

        Assert.Equal((200, 3, 0), (erased.Status, erased.Json.GetProperty("positions").GetInt32(), erased.Json.GetProperty("deadLetters").GetInt32()));
        Assert.Equal(0, again.Json.GetProperty("positions").GetInt32());
        await WriteAsync(new DateTimeOffset(2026, 5, 4, 11, 0, 0, TimeSpan.Zero));
        var route = await gateway.CallAsync(
            "GET", $"/api/devices/{deviceId}/route?from=2026-05-04T00:00:00Z&to=2026-05-05T00:00:00Z&format=points");
        Assert.Equal(200, route.Status);
        Assert.DoesNotContain("10:00", route.Text, StringComparison.Ordinal);
        Assert.Contains(
            new DateTimeOffset(2026, 5, 4, 11, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture),
            route.Text, StringComparison.Ordinal);

        async Task WriteAsync(DateTimeOffset from) => await gateway.Services.GetRequiredService<PositionWriter>().WriteAsync(
            PositionRows.Of([new ReceivedPositions(
                key, deviceId, PositionRole.Device, null, TimeProvider.System.GetUtcNow(), [.. Enumerable.Range(0, 3).Select(
                    i => new ReceivedPosition(new Position(48, 11 + (i * 0.001), from.AddMinutes(i)), false))])]).All,
            TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task A_customer_is_erased_when_the_request_is_over()
    {
        var created = await gateway.CallAsync(
            "POST", "/api/requests", """{"pickup":{"lat":48.137,"lng":11.575},"customerName":"Ada","note":"Flat tyre"}""");
        var id = created.Json.GetProperty("requestId").GetGuid();
        var token = created.Json.GetProperty("trackingToken").GetString();

        var early = await gateway.CallAsync("DELETE", $"/api/requests/{id}/customer", token: gateway.Admin.ToString());
        Assert.Equal((409, "status_not_allowed"), (early.Status, early.Code));
        await gateway.SetStatusAsync(id, "cancelled");
        var erased = await gateway.CallAsync("DELETE", $"/api/requests/{id}/customer", token: gateway.Admin.ToString());

        Assert.Equal(200, erased.Status);
        var shown = await gateway.CallAsync("GET", $"/api/requests/{id}");
        Assert.DoesNotContain("Ada", shown.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("tyre", shown.Text, StringComparison.Ordinal);
        Assert.Equal(48.1, shown.Json.GetProperty("pickup").GetProperty("lat").GetDouble());
        Assert.Equal(401, (await gateway.CallAsync("GET", $"/api/requests/{id}", token: token)).Status);
    }

    [Fact]
    public async Task Only_an_admin_erases_and_only_what_there_is()
    {
        var (id, token, deviceId) = await gateway.CreateAssignedAsync();

        foreach (var path in new[] { $"/api/devices/{deviceId}/history", $"/api/requests/{id}/customer" })
        {
            Assert.Equal("admin_only", (await gateway.CallAsync("DELETE", path, token: token)).Code);
            Assert.Equal("admin_only", (await gateway.CallAsync("DELETE", path)).Code);
            Assert.Equal(401, (await gateway.CallAsync("DELETE", path, token: "")).Status);
        }

        Assert.Equal("device_not_found", (await gateway.CallAsync("DELETE", "/api/devices/nobody/history", token: gateway.Admin.ToString())).Code);
        Assert.Equal("request_not_found", (await gateway.CallAsync("DELETE", $"/api/requests/{Guid.NewGuid()}/customer", token: gateway.Admin.ToString())).Code);
    }
}
