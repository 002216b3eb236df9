using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using ArtMqtt.Contracts.Live;
using ArtMqtt.Contracts.Positions;
using ArtMqtt.Contracts.Requests;
using ArtMqtt.Contracts.Security;
using ArtMqtt.Live;
using ArtMqtt.Store;
using ArtMqtt.Store.Devices;
using ArtMqtt.Store.Positions;
using ArtMqtt.Store.Schema;
using ArtMqtt.TestKit;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ArtMqtt.WebGateway.Tests;

/// <summary>A gateway on a free port with a real database of its own; one per test class.</summary>
public class Gateway : IAsyncLifetime
{
    private readonly TimescaleServer? _server;
    private readonly (string Key, string Value)[] _settings;
    private string? _database;
    private WebApplication _app = null!;

    public Gateway(TimescaleServer server)
    {
        _server = server;
        _settings = [];
    }

    private Gateway(Gateway first, (string Key, string Value)[] settings)
    {
        _database = first._database;
        _settings = settings;
        Dispatcher = first.Dispatcher;
        Admin = first.Admin;
    }

    public AccessToken Dispatcher { get; } = AccessToken.NewDispatcher();

    public AccessToken Admin { get; } = AccessToken.NewAdmin();

    public Uri Address { get; private set; } = null!;

    public RecordingLogger Log { get; } = new();

    public ILiveStreams Streams => Services.GetRequiredService<ILiveStreams>();

    public IServiceProvider Services => _app.Services;

    protected virtual IEnumerable<(string Key, string Value)> Settings => _settings;

    /// <summary>More of the connection string, each with a semicolon before it.</summary>
    protected virtual string ConnectionOptions => "";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Puts something in the place of a part.</summary>
    protected virtual void Replace(IServiceCollection services)
    {
    }

    public virtual async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Configuration["ConnectionStrings:Timescale"] = _database ??= await _server!.CreateDatabaseAsync() + ConnectionOptions;
        builder.Configuration["Gateway:Live:FlushInterval"] = "00:00:00";
        // A replication slot for each gateway of the tests would be more than the server has.
        builder.Configuration["Gateway:Changes:Enabled"] = "false";
        // It tells of an arrival whenever a test moves an operator who is on the way.
        builder.Configuration["Gateway:Eta:Enabled"] = "false";
        foreach (var (key, value) in Settings)
        {
            builder.Configuration[key] = value;
        }

        builder.Logging.ClearProviders().AddProvider(Log).SetMinimumLevel(LogLevel.Debug);
        var hasher = new CredentialHasher(new byte[32]);
        builder.Services.AddSingleton(hasher);
        builder.Services.AddSingleton(new DispatcherCredential(hasher.Hash(Dispatcher.Secret)));
        builder.Services.AddSingleton(new AdminCredential(hasher.Hash(Admin.Secret)));
        builder.Services.AddStore().AddLiveStreams(builder.Configuration);
        builder.AddGateway();
        Replace(builder.Services);
        _app = builder.Build();
        _app.MapGateway();
        if (_server is not null)
        {
            await Services.GetRequiredService<SchemaMigrator>().MigrateAsync(Token);
        }

        await _app.StartAsync(Token);
        Address = new Uri(Services.GetRequiredService<IServer>()
            .Features.Get<IServerAddressesFeature>()!.Addresses.Single());
    }

    public virtual async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>Another node on the same database.</summary>
    public async Task<Gateway> StartAnotherAsync(params (string Key, string Value)[] settings)
    {
        var another = new Gateway(this, settings);
        await another.InitializeAsync();
        return another;
    }

    public HttpClient CreateClient(string? token)
    {
        var client = new HttpClient { BaseAddress = Address };
        client.DefaultRequestHeaders.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
        return client;
    }

    /// <summary>Calls the API; the body is JSON.</summary>
    public async Task<Answer> CallAsync(string method, string path, string? body = null, string? token = null)
    {
        using var client = CreateClient(token ?? Dispatcher.ToString());
        return await SendAsync(client, method, path, body);
    }

    public static async Task<Answer> SendAsync(HttpClient client, string method, string path, string? body)
    {
        using var message = new HttpRequestMessage(new HttpMethod(method), path);
        if (body is not null)
        {
            message.Content = new StringContent(body, Encoding.UTF8, "application/json");
        }

        using var response = await client.SendAsync(message, Token);
        var text = await response.Content.ReadAsStringAsync(Token);
        var isJson = response.Content.Headers.ContentType?.MediaType?.EndsWith("json", StringComparison.Ordinal) == true;
        return new Answer(
            (int)response.StatusCode, response.Content.Headers.ContentType?.ToString(), text,
            isJson ? JsonDocument.Parse(text).RootElement : default);
    }

    public async Task<(Guid Id, string Token)> CreateRequestAsync()
    {
        var answer = await CallAsync("POST", "/api/requests", """{"pickup":{"lat":48.1,"lng":11.5}}""");
        Assert.Equal(201, answer.Status);
        return (answer.Json.GetProperty("requestId").GetGuid(), answer.Json.GetProperty("trackingToken").GetString()!);
    }

    public async Task<string> CreateDeviceAsync()
    {
        var deviceId = $"truck-{Guid.NewGuid():N}";
        Assert.Equal(201, (await CallAsync("POST", "/api/devices", $$"""{"deviceId":"{{deviceId}}"}""")).Status);
        return deviceId;
    }

    /// <summary>A request that a device is assigned to.</summary>
    public async Task<(Guid Id, string Token, string DeviceId)> CreateAssignedAsync()
    {
        var (id, token) = await CreateRequestAsync();
        var deviceId = await CreateDeviceAsync();
        var answer = await CallAsync("POST", $"/api/requests/{id}/assign", $$"""{"deviceId":"{{deviceId}}"}""");
        Assert.Equal(200, answer.Status);
        return (id, token, deviceId);
    }

    public async Task SetStatusAsync(Guid id, params string[] statuses)
    {
        foreach (var status in statuses)
        {
            var answer = await CallAsync("POST", $"/api/requests/{id}/status", $$"""{"status":"{{status}}"}""");
            Assert.Equal(200, answer.Status);
        }
    }

    /// <summary>Stores positions as ingest would.</summary>
    public async Task StoreAsync(string deviceId, Guid? request, params Position[] positions)
    {
        var device = await Services.GetRequiredService<DeviceRepository>().FindAsync(deviceId, Token);
        await Services.GetRequiredService<PositionWriter>().WriteAsync(
            PositionRows.Of([new ReceivedPositions(
                device!.Key, deviceId, request is null ? PositionRole.Device : PositionRole.Operator, request,
                DateTimeOffset.UnixEpoch, [.. positions.Select(p => new ReceivedPosition(p, false))])]).All,
            Token);
    }

    public static Position PositionAt(int second, double latitude = 48.123456789, double longitude = 11.987654321) =>
        new(latitude, longitude, DateTimeOffset.UnixEpoch.AddYears(50).AddSeconds(second));

    public async Task PublishAsync(Guid request, int second, PositionRole role = PositionRole.Operator) =>
        await Streams.PublishAsync(request, LocationEvent.Of(role, PositionAt(second)), Token);

    public async Task PublishStatusAsync(Guid request, string by = "test") =>
        await Streams.PublishAsync(request, new StatusEvent(RequestStatus.EnRoute, null, 1, by), Token);

    /// <summary>A connected SignalR client.</summary>
    public async Task<HubConnection> ConnectAsync(string? token)
    {
        var connection = new HubConnectionBuilder()
            .WithUrl(new Uri(Address, "/hubs/tracking"), options =>
                options.AccessTokenProvider = () => Task.FromResult(token))
            .Build();
        await connection.StartAsync(Token);
        return connection;
    }
}

/// <summary>What the API answered.</summary>
public sealed record Answer(int Status, string? ContentType, string Text, JsonElement Json)
{
    public string? Code => Json.GetProperty("code").GetString();
}
