using System.Text.RegularExpressions;
using k8s;
using k8s.Models;

namespace ArtMqtt.Architecture.Tests;

/// <summary>The manifests of compose/kubernetes: as the API has it, and of one piece.</summary>
public sealed partial class KubernetesTests
{
    private const string Folder = "compose/kubernetes";
    private static readonly string[] _documented = ["artmqtt-secrets", "artmqtt-connections", "artmqtt-mqtt-tls"];
    private static readonly List<object> _objects = Load();

    private static V1StatefulSet Nodes => Assert.Single(_objects.OfType<V1StatefulSet>());

    private static V1PodSpec Pod => Nodes.Spec.Template.Spec;

    private static V1Container Node => Assert.Single(Pod.Containers);

    [Fact]
    public void Every_manifest_is_one_that_the_api_knows_and_is_applied_or_an_example()
    {
        var applied = File().Matches(SourceTree.Text($"{Folder}/kustomization.yaml")).Select(m => m.Groups[1].Value);

        Assert.Equal(
            SourceTree.Files("*.yaml").Where(path => path.StartsWith(Folder, StringComparison.Ordinal)).Select(path => Path.GetFileName(path)).Order(),
            [.. applied.Concat(["kustomization.yaml", "ingress.yaml"]).Order()]);
        Assert.Equal(9, _objects.Count);
    }

    [Fact]
    public void Whoever_selects_nodes_finds_them_and_ports_by_name_exist()
    {
        var labels = Nodes.Spec.Template.Metadata.Labels;
        var ports = Node.Ports.Select(port => port.Name).ToHashSet();
        var selectors = _objects.OfType<V1Service>().Select(service => service.Spec.Selector)
            .Append(Nodes.Spec.Selector.MatchLabels)
            .Concat(_objects.OfType<V1PodDisruptionBudget>().Select(budget => budget.Spec.Selector.MatchLabels))
            .Concat(_objects.OfType<V1NetworkPolicy>().Select(policy => policy.Spec.PodSelector.MatchLabels))
            .Concat(Pod.TopologySpreadConstraints.Select(constraint => constraint.LabelSelector.MatchLabels)).ToList();
        var named = _objects.OfType<V1Service>().SelectMany(service => service.Spec.Ports).Select(port => port.TargetPort.Value)
            .Concat(_objects.OfType<V1NetworkPolicy>().SelectMany(p => p.Spec.Ingress).SelectMany(rule => rule.Ports).Select(port => port.Port.Value))
            .Concat(new[] { Node.StartupProbe, Node.LivenessProbe, Node.ReadinessProbe }.Select(probe => probe.HttpGet.Port.Value));

        Assert.Equal(8, selectors.Count);
        Assert.All(selectors, selector => Assert.Equal(selector, selector.Intersect(labels).ToDictionary()));
        Assert.Empty(named.Except(ports));
        var service = Assert.Single(_objects.OfType<V1Ingress>()).Spec.Rules[0].Http.Paths[0].Backend.Service;
        Assert.Contains(
            _objects.OfType<V1Service>().Single(s => s.Metadata.Name == service.Name).Spec.Ports, port => port.Name == service.Port.Name);
        Assert.Contains(_objects.OfType<V1Service>(), s => s.Metadata.Name == Nodes.Spec.ServiceName && s.Spec.ClusterIP == "None");
    }

    [Fact]
    public void What_pods_refer_to_is_there_or_documented()
    {
        var documents = SourceTree.Text("docs/deployment.md");
        var secrets = Node.Env.Select(env => env.ValueFrom.SecretKeyRef.Name)
            .Concat(Pod.Volumes.Where(volume => volume.Secret is not null).Select(volume => volume.Secret.SecretName)).ToHashSet();
        var volumes = Pod.Volumes.Select(volume => volume.Name)
            .Concat(Nodes.Spec.VolumeClaimTemplates.Select(claim => claim.Metadata.Name));

        Assert.Equal(_documented.Order(), secrets.Order());
        Assert.All(secrets, name => Assert.Contains(name, documents, StringComparison.Ordinal));
        Assert.All(
            Node.Env, env => Assert.Contains($"--from-literal={env.ValueFrom.SecretKeyRef.Key}=", documents, StringComparison.Ordinal));
        Assert.Equal(Assert.Single(_objects.OfType<V1ConfigMap>()).Metadata.Name, Assert.Single(Node.EnvFrom).ConfigMapRef.Name);
        Assert.Empty(Node.VolumeMounts.Select(mount => mount.Name).Except(volumes));
    }

    [Fact]
    public void Nodes_have_no_right_they_do_not_need_and_time_to_drain()
    {
        Assert.Equal((true, 1654, 1654), (Pod.SecurityContext.RunAsNonRoot, Pod.SecurityContext.RunAsUser, Pod.SecurityContext.FsGroup));
        Assert.Equal("RuntimeDefault", Pod.SecurityContext.SeccompProfile.Type);
        Assert.Equal((true, false), (Node.SecurityContext.ReadOnlyRootFilesystem, Node.SecurityContext.AllowPrivilegeEscalation));
        Assert.Equal(["ALL"], Node.SecurityContext.Capabilities.Drop);
        Assert.False(Pod.AutomountServiceAccountToken);
        // compose/Node: clients are handed over in 12 s (DrainOptions), and a stop takes at most 40 s after that (NodeServices).
        Assert.True(Pod.TerminationGracePeriodSeconds >= Node.Lifecycle.PreStop.Sleep.Seconds + 12 + 40 + 10);
    }

    [Fact]
    public void Environment_variables_are_settings_that_are_described()
    {
        var described = SourceTree.Text("docs/operations.md");
        var keys = Assert.Single(_objects.OfType<V1ConfigMap>()).Data.Keys.Concat(Node.Env.Select(env => env.Name))
            .Concat(Setting().Matches(SourceTree.Text("compose/docker-compose.yml")).Select(m => m.Groups[1].Value))
            .Select(name => name.Replace("__", ":", StringComparison.Ordinal)).Distinct().ToList();

        Assert.True(keys.Count > 10);
        Assert.All(keys, key => Assert.Contains($"`{key}", described, StringComparison.Ordinal));
    }

    [Fact]
    public void All_of_it_names_one_version()
    {
        var version = Version().Match(SourceTree.Text("Directory.Build.props")).Groups[1].Value;

        Assert.Contains($"newTag: {version}", SourceTree.Text($"{Folder}/kustomization.yaml"), StringComparison.Ordinal);
        Assert.Contains($"artmqtt/node:{version}}}", SourceTree.Text("compose/docker-compose.yml"), StringComparison.Ordinal);
        Assert.Contains($"artmqtt/node:{version}", SourceTree.Text("compose/env.example"), StringComparison.Ordinal);
        Assert.Equal("artmqtt/node", Node.Image);
    }

    // Strictly: a field that the API does not have is an error.
    private static List<object> Load() =>
        [.. SourceTree.Files("*.yaml")
            .Where(path => path.StartsWith(Folder, StringComparison.Ordinal) && !path.EndsWith("kustomization.yaml", StringComparison.Ordinal))
            .SelectMany(path => KubernetesYaml.LoadAllFromString(SourceTree.Text(path), strict: true))];

    [GeneratedRegex("^  - ([a-z-]+[.]yaml)$", RegexOptions.Multiline)]
    private static partial Regex File();

    [GeneratedRegex(@"^ +(\w+__\w+): ", RegexOptions.Multiline)]
    private static partial Regex Setting();

    [GeneratedRegex("<Version>(.*)</Version>")]
    private static partial Regex Version();
}
