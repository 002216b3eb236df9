using System.Security.Cryptography;
using ArtMqtt.Broker;
using ArtMqtt.BrokerHost;
using ArtMqtt.Contracts.Fleet;
using ArtMqtt.Contracts.Security;
using ArtMqtt.Live;
using ArtMqtt.Spool;

// The broker alone, in its conformance profile: nothing is stored, anybody on this machine may do anything. For
// comparisons with other brokers and for foreign test suites; settings as arguments (--Broker:Port=1883).
var builder = WebApplication.CreateSlimBuilder(args);
builder.Configuration["Broker:Conformance:Enabled"] = "true";

var hasher = new CredentialHasher(RandomNumberGenerator.GetBytes(32));
builder.Services.AddSingleton<ISpool>(new MemorySpool(new SpoolOptions()));
builder.Services.AddSingleton<IFleetDirectory, EmptyFleet>();
builder.Services.AddSingleton(hasher);
builder.Services.AddSingleton(new DispatcherCredential(hasher.Hash(AccessToken.NewDispatcher().Secret)));
builder.Services.AddSingleton(new AdminCredential(hasher.Hash(AccessToken.NewAdmin().Secret)));
builder.Services.AddLiveStreams(builder.Configuration);
builder.AddBroker();

await builder.Build().RunAsync();
