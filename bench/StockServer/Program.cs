using System.Globalization;
using System.Net;
using MQTTnet.AspNetCore;
using MQTTnet.Server;

// MQTTnet's own server on Kestrel, as it comes: what the broker is compared with. One argument, the port.
var port = int.Parse(args[0], CultureInfo.InvariantCulture);
var builder = WebApplication.CreateSlimBuilder();
builder.Logging.ClearProviders();
builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port, endpoint => endpoint.UseMqtt()));
builder.Services.AddHostedMqttServer(server => server
    .WithoutDefaultEndpoint()
    .WithPersistentSessions()
    .WithMaxPendingMessagesPerClient(100_000)
    .WithPendingMessagesOverflowStrategy(MqttPendingMessagesOverflowStrategy.DropOldestQueuedMessage));
builder.Services.AddMqttConnectionHandler();
builder.Services.AddConnections();

await builder.Build().RunAsync();
