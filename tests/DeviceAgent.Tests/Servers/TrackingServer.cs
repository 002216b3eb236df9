using System.Net;
using System.Security.Cryptography.X509Certificates;
using ArtMqtt.Broker;
using ArtMqtt.Broker.FrontDoors;
using ArtMqtt.Broker.Tests.Support;
using ArtMqtt.Contracts.Fleet;
using ArtMqtt.Contracts.Positions;
using ArtMqtt.Contracts.Security;
using ArtMqtt.Live;
using ArtMqtt.Spool;
using ArtMqtt.TestKit;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ArtMqtt.DeviceAgent.Tests.Servers;

/// <summary>
/// The real broker with all its ways in, on ports of its own; all around it is real but the directory. May be stopped
/// and started again, what it took stays.
/// </summary>
internal sealed class TrackingServer : IAsyncDisposable
{
    public const string DeviceId = "truck-1";

    /// <summary>Signs tokens.</summary>
    public static readonly byte[] TokenKey = Enumerable.Repeat((byte)42, 32).ToArray();

    private readonly FakeFleet _fleet = new();
    private readonly TestCertificates? _files;
    private readonly MemorySpool _spool = new(new SpoolOptions());
    private WebApplication? _app;

    /// <param name="files">Certificates, when there is to be TLS: <c>server</c>, signed by <c>ca</c>.</param>
    public TrackingServer(TestCertificates? files = null)
    {
        _files = files;
        _fleet.AddDevice(DeviceId);
    }

    public int MqttPort { get; } = Ports.Free();

    public int MqttsPort { get; } = Ports.Free();

    public int HttpPort { get; } = Ports.Free();

    public int HttpsPort { get; } = Ports.Free();

    /// <summary>Assigns the device to a new request.</summary>
    public Guid Assign() => _fleet.AddRequest(DeviceId).Request.RequestId;

    /// <summary>The positions it acknowledged, in the order it did, repeated ones included.</summary>
    public async Task<List<Position>> ReceivedAsync()
    {
        var all = new List<Position>();
        var count = (int)_spool.Status.Records;
        if (count == 0)
        {
            return all;
        }

        var records = (await _spool.ReadAsync(0, count, TestContext.Current.CancellationToken)).Records;
        foreach (var record in records.Where(record => !SpoolRecord.IsEvent(record.Span)))
        {
            Assert.True(SpooledPositions.TryOpen(record.Span, out _, out var positions));
            while (positions.TryRead(out var position))
            {
                all.Add(position.Position);
            }
        }

        return all;
    }

    /// <summary>Starts it (again).</summary>
    public async Task StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Configuration["Broker:Port"] = $"{MqttPort}";
        builder.Configuration["Tokens:Issuer"] = TestToken.Issuer;
        builder.Configuration["Tokens:Audience"] = TestToken.Audience;
        builder.Configuration["Tokens:SymmetricKey"] = Convert.ToBase64String(TokenKey);
        builder.Configuration["Tokens:ClockSkew"] = "00:00:00";
        if (_files is not null)
        {
            builder.Configuration["Broker:Tls:Port"] = $"{MqttsPort}";
            builder.Configuration["Broker:Tls:CertificateFile"] = _files["server.pem"];
            builder.Configuration["Broker:Tls:KeyFile"] = _files["server.key"];
            builder.Configuration["Broker:Tls:ClientCertificate"] = "Allow";
            builder.Configuration["Broker:Tls:ClientCaFile"] = _files["ca.pem"];
        }

        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<ISpool>(new Lent(_spool)).AddSingleton<IFleetDirectory>(_fleet);
        builder.Services.AddSingleton(_fleet.Hasher);
        builder.Services.AddSingleton(new DispatcherCredential(_fleet.Hasher.Hash(AccessToken.NewDispatcher().Secret)));
        builder.Services.AddSingleton(new AdminCredential(_fleet.Hasher.Hash(AccessToken.NewAdmin().Secret)));
        builder.Services.AddLiveStreams(builder.Configuration);
        builder.AddBroker();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, HttpPort);
            if (_files is not null)
            {
                kestrel.Listen(IPAddress.Loopback, HttpsPort, listen => listen.UseHttps(
                    X509Certificate2.CreateFromPemFile(_files["server.pem"], _files["server.key"])));
            }
        });
        _app = builder.Build();
        _app.UseWebSockets();
        _app.MapMqttOverWebSocket();
        _app.MapFrontDoors();
        await _app.StartAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>Stops it, and cuts off who is connected.</summary>
    public async Task StopAsync()
    {
        await _app!.DisposeAsync();
        _app = null;
    }

    public async ValueTask DisposeAsync()
    {
        if (_app is not null)
        {
            await StopAsync();
        }

        await _spool.DisposeAsync();
    }

    /// <summary>Survives the host that borrows it.</summary>
    private sealed class Lent(MemorySpool spool) : ISpool
    {
        public long Acknowledged => spool.Acknowledged;

        public SpoolStatus Status => spool.Status;

        public ValueTask<long> AppendAsync(ReadOnlyMemory<byte> record, CancellationToken cancellationToken) =>
            spool.AppendAsync(record, cancellationToken);

        public ValueTask<SpoolBatch> ReadAsync(long after, int maxRecords, CancellationToken cancellationToken) =>
            spool.ReadAsync(after, maxRecords, cancellationToken);

        public ValueTask AcknowledgeAsync(long through, CancellationToken cancellationToken) =>
            spool.AcknowledgeAsync(through, cancellationToken);

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
