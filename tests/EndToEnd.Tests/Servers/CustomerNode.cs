using ArtMqtt.TestKit;

namespace ArtMqtt.EndToEnd.Tests.Servers;

/// <summary>A node for all tests of the customer's page, with everything set that the page can show.</summary>
public sealed class CustomerNode(TimescaleServer server) : IAsyncLifetime
{
    public const string PhoneNumber = "+4930123456";
    public const string MessageUrl = "https://chat.example.org/artmqtt";

    private NodeProcess? _node;

    internal NodeProcess Node => _node!;

    public async ValueTask InitializeAsync() => _node = await NodeProcess.StartNewAsync(
        server, "--Broker:LiveInterval", "00:00:00",
        "--Gateway:Customer:PhoneNumber", PhoneNumber, "--Gateway:Customer:MessageUrl", MessageUrl);

    public async ValueTask DisposeAsync()
    {
        if (_node is not null)
        {
            await _node.DisposeAsync();
        }
    }
}

/// <summary>The tests that share it.</summary>
[CollectionDefinition]
public sealed class CustomerNodeTests : ICollectionFixture<CustomerNode>;
