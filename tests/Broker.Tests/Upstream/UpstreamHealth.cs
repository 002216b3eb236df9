using ArtMqtt.Broker.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace ArtMqtt.Broker.Tests.Upstream;

/// <summary>What a node says of its connections to other brokers.</summary>
internal static class UpstreamHealth
{
    public static HealthReportEntry Of(BrokerNode node) => node.Services.GetRequiredService<HealthCheckService>()
        .CheckHealthAsync(check => check.Name == "upstream", TestContext.Current.CancellationToken).GetAwaiter().GetResult().Entries["upstream"];

    public static bool IsServing(BrokerNode node, string words = "1 of 1 connections serve.") =>
        Of(node) is { Status: HealthStatus.Healthy } health && health.Description == words;
}
