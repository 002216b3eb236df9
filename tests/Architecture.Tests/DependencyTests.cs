namespace ArtMqtt.Architecture.Tests;

public sealed class DependencyTests
{
    /// <summary>Who may reference whom (design, section 4). A new edge needs an ADR.</summary>
    private static readonly Dictionary<string, string[]> _allowed = new()
    {
        ["Contracts"] = [],
        ["Spool"] = [],
        ["Identity"] = ["Contracts"],
        ["Live"] = ["Contracts"],
        ["Store"] = ["Contracts"],
        ["DeviceAgent"] = ["Contracts", "Spool"],
        ["Broker"] = ["Contracts", "Identity", "Spool", "Live"],
        ["Ingest"] = ["Contracts", "Spool", "Store"],
        ["WebGateway"] = ["Contracts", "Identity", "Live", "Store"],
        ["Node"] = ["Contracts", "Identity", "Spool", "Live", "Store", "Broker", "Ingest", "WebGateway"],
    };

    [Fact]
    public void Projects_reference_only_what_the_design_allows()
    {
        var edges = SourceTree.Projects.Where(p => p.IsProduct)
            .SelectMany(p => p.Projects.Where(r => !_allowed.GetValueOrDefault(p.Name, []).Contains(r))
                .Select(r => $"{p.Name} → {r}"));

        Assert.Empty(edges);
        Assert.Empty(SourceTree.Projects.Where(p => p.IsProduct && !_allowed.ContainsKey(p.Name)).Select(p => p.Path));
    }

    [Fact]
    public void The_product_never_references_tests()
    {
        var tests = SourceTree.Projects.Where(p => !p.IsProduct).Select(p => p.Name).ToHashSet();

        Assert.Empty(SourceTree.Projects.Where(p => p.IsProduct && p.Projects.Any(tests.Contains)).Select(p => p.Path));
    }

    [Theory]
    [InlineData("Npgsql", new[] { "Store", "Node" })]
    [InlineData("MQTTnet", new[] { "Broker", "DeviceAgent" })]
    [InlineData("Microsoft.Data.Sqlite", new[] { "Broker" })]
    [InlineData("StackExchange.Redis", new[] { "Live" })]
    [InlineData("Microsoft.AspNetCore.SignalR", new[] { "WebGateway" })]
    [InlineData("System.CommandLine", new[] { "DeviceAgent", "Node" })]
    [InlineData("Microsoft.IdentityModel", new[] { "Identity" })]
    public void Packages_stay_where_they_belong(string package, string[] projects)
    {
        var others = SourceTree.Projects
            .Where(p => p.IsProduct && !projects.Contains(p.Name))
            .Where(p => p.Packages.Any(name => name.StartsWith(package, StringComparison.OrdinalIgnoreCase)));

        Assert.Empty(others.Select(p => p.Path));
    }

    [Fact]
    public void Contracts_has_no_packages_but_for_json_and_protobuf()
    {
        var contracts = SourceTree.Projects.Single(p => p.Name == "Contracts");

        Assert.Equal(["Google.Protobuf", "Grpc.Tools"], contracts.Packages.Order());
    }

    [Fact]
    public void The_solution_contains_every_project()
    {
        var solution = SourceTree.Text("ArtMqtt.sln").Replace('\\', '/');

        Assert.Empty(SourceTree.Projects.Where(p => !solution.Contains($"\"{p.Path}\"", StringComparison.Ordinal))
            .Select(p => p.Path));
    }

    [Fact]
    public void Versions_are_in_one_place()
    {
        var pinned = SourceTree.Projects
            .Where(p => System.Xml.Linq.XDocument.Parse(SourceTree.Text(p.Path)).Descendants("PackageReference")
                .Any(e => e.Attribute("Version") is not null));

        Assert.Empty(pinned.Select(p => p.Path));
    }
}
