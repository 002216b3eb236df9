using ArtMqtt.Contracts.Positions;
using ArtMqtt.TestKit;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ArtMqtt.WebGateway.Tests;

/// <summary>An error in the log is for a person to act on: a refusal is none, a fault is.</summary>
public sealed class HubFaultTests(HubFaultTests.BrokenDoor gateway) : IClassFixture<HubFaultTests.BrokenDoor>
{
    [Fact]
    public async Task Only_what_a_method_did_not_expect_is_an_error_in_the_log()
    {
        var (id, customer, _) = await gateway.CreateAssignedAsync();
        await using var connection = await gateway.ConnectAsync(customer);

        var refusal = await Assert.ThrowsAsync<HubException>(() => connection.InvokeAsync<object>(
            "join:request", $"{Guid.NewGuid()}", null, TestContext.Current.CancellationToken));
        Assert.Contains("request_not_found", refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(gateway.Log.Lines, line => line.Level >= LogLevel.Error);

        var fault = await Assert.ThrowsAsync<HubException>(() => connection.InvokeAsync<int>(
            "customer:location", $"{id}", new { lat = 1 }, TestContext.Current.CancellationToken));
        Assert.DoesNotContain("broken", fault.Message, StringComparison.Ordinal);
        Assert.Equal(
            ["UpdateCustomerLocation failed; its caller was told nothing but that"],
            gateway.Log.Lines.Where(line => line.Level >= LogLevel.Error).Select(line => line.Text));
    }

    /// <summary>A gateway that cannot take positions, for no good reason.</summary>
    public sealed class BrokenDoor(TimescaleServer server) : Gateway(server), IPositionDoor
    {
        public ValueTask<PositionDoorResult> PublishAsync(
            PositionCaller caller, Guid requestId, PositionRole role, ReadOnlyMemory<byte> json) =>
            throw new InvalidOperationException("The door is broken.");

        protected override void Replace(IServiceCollection services) => services.AddSingleton<IPositionDoor>(this);
    }
}
