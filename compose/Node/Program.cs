using ArtMqtt.Broker;
using ArtMqtt.Broker.FrontDoors;
using ArtMqtt.Ingest;
using ArtMqtt.Live;
using ArtMqtt.Node;
using ArtMqtt.Node.Commands;
using ArtMqtt.Node.Database;
using ArtMqtt.Node.Draining;
using ArtMqtt.Node.Health;
using ArtMqtt.Node.Http;
using ArtMqtt.Node.Secrets;
using ArtMqtt.Node.Telemetry;
using ArtMqtt.Spool;
using ArtMqtt.Store;
using ArtMqtt.WebGateway;

if (CommandLine.Handles(args)) { return await CommandLine.RunAsync(args); }

return await Startup.RunAsync(args, async (builder, node) =>
{
    builder.AddNode(node);
    builder.AddSecrets(node);
    builder.AddDraining();
    node.RequireSharedDatabase(builder.Configuration);
    await using var database = await EmbeddedTimescale.StartIfNeededAsync(builder.Configuration);

    builder.AddTelemetry();
    builder.AddHttp();
    builder.Services.AddStore();
    builder.Services.AddLiveStreams(builder.Configuration);

    // In the order of a position's way; the host stops them in the reverse order.
    if (node.Has(NodeRoles.Broker | NodeRoles.Ingest)) { builder.Services.AddSpool(node.SpoolUse); }
    if (node.Has(NodeRoles.Broker)) { builder.AddBroker(); }
    if (node.Has(NodeRoles.Ingest)) { builder.AddIngest(); }
    if (node.Has(NodeRoles.Gateway)) { builder.AddGateway(); }
    else if (node.Has(NodeRoles.Broker)) { builder.AddLiveWork(); }

    await using var app = builder.Build();

    app.UseHttp();
    app.MapHealth();
    app.MapMetrics();
    if (node.Has(NodeRoles.Broker)) { app.MapMqttOverWebSocket(); app.MapFrontDoors(); }
    if (node.Has(NodeRoles.Gateway)) { app.MapGateway(); }

    await BackgroundFault.RunAsync(app);
});
