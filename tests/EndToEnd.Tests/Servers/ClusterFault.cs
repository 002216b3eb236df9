namespace ArtMqtt.EndToEnd.Tests.Servers;

/// <summary>Something that breaks, and is repaired.</summary>
/// <param name="Name">What it is called in tables.</param>
/// <param name="BreakAsync">Breaks it.</param>
/// <param name="RepairAsync">Repairs it; a node that is started is not waited for.</param>
internal sealed record ClusterFault(string Name, Func<Task> BreakAsync, Func<Task> RepairAsync);
