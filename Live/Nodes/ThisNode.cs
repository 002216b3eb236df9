using System.Diagnostics;
using System.Reflection;
using System.Security.Cryptography;
using ArtMqtt.Contracts.Nodes;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace ArtMqtt.Live.Nodes;

/// <summary>This node, and how it is doing.</summary>
public sealed class ThisNode(
    NodeDescription description, IEnumerable<NodeFigure> figures, HealthCheckService health, IHostApplicationLifetime lifetime,
    IOptions<NodesOptions> options, TimeProvider time)
{
    // A check that hangs must not make the node look dead.
    private static readonly TimeSpan _longestCheck = TimeSpan.FromSeconds(1);
    private static readonly string _version = Assembly.GetEntryAssembly()?.GetName().Version?.ToString(3) ?? "";
    private static readonly DateTimeOffset _startedAt = StartOfProcess();

    /// <summary>Names this run of the node.</summary>
    public string Id { get; } = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8));

    /// <summary>What people call it.</summary>
    public string Name { get; } = options.Value.Name is { Length: > 0 } name ? name : Environment.MachineName;

    private static DateTimeOffset StartOfProcess()
    {
        using var self = Process.GetCurrentProcess();
        return new DateTimeOffset(self.StartTime).ToUniversalTime();
    }

    /// <summary>Looks at everything there is to look at.</summary>
    public async Task<NodeReport> ReportAsync(CancellationToken cancellationToken)
    {
        var (condition, checks) = await LookAsync(cancellationToken);
        return new NodeReport(
            Id, Name, description.Roles, _version, _startedAt, description.Addresses,
            description.IsStopping() || lifetime.ApplicationStopping.IsCancellationRequested ? NodeCondition.Draining : condition, checks,
            figures.ToDictionary(figure => figure.Name, figure => figure.Read(), StringComparer.Ordinal));
    }

    private async Task<(NodeCondition Condition, IReadOnlyList<NodeCheck> Checks)> LookAsync(CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(_longestCheck, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            var report = await health.CheckHealthAsync(check => check.Tags.Contains("ready"), either.Token).WaitAsync(either.Token);
            NodeCheck[] failing =
            [
                .. report.Entries.Where(entry => entry.Value.Status != HealthStatus.Healthy)
                    .OrderBy(entry => entry.Key, StringComparer.Ordinal)
                    .Select(entry => new NodeCheck(
                        entry.Key, entry.Value.Status.ToString().ToLowerInvariant(), entry.Value.Description)),
            ];
            return (ConditionOf(report.Status), failing);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return (NodeCondition.Degraded, [new NodeCheck("checks", "degraded", "They did not end in time.")]);
        }
    }

    private static NodeCondition ConditionOf(HealthStatus status) => status switch
    {
        HealthStatus.Healthy => NodeCondition.Ready,
        HealthStatus.Degraded => NodeCondition.Degraded,
        _ => NodeCondition.Unready,
    };
}
