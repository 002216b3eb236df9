using System.Diagnostics.Metrics;
using ArtMqtt.WebGateway.Eta;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace ArtMqtt.WebGateway.Tests;

/// <summary>OSRM and Valhalla over HTTP, and what holds when they do not answer.</summary>
public sealed class RoutedEtaTests : IAsyncLifetime
{
    private static readonly EtaQuery _query = new(48.1, 11.5, 48.12, 11.55, DateTimeOffset.UnixEpoch, DrivenPart.None);

    private readonly FakeTimeProvider _time = new();
    private readonly HttpClient _http = Client(TimeSpan.FromMinutes(1));

    private RoutingHost _host = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _host = await RoutingHost.StartAsync();

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _host.DisposeAsync();
    }

    [Fact]
    public async Task Osrm_says_how_long_and_how_far()
    {
        _host.AnswerWith(RoutingHost.OsrmAnswer);

        var estimate = await Osrm().EstimateAsync(_query, Token);

        // The band of the drives, around what the server says.
        Assert.Equal(new EtaEstimate(541.7, 541.7 * 0.5, 541.7 * 2, 5_123.4, "osrm"), estimate);
        Assert.Equal(
            ["GET /route/v1/driving/11.500000,48.100000;11.550000,48.120000?overview=false"], _host.Asked);
    }

    [Fact]
    public async Task Valhalla_says_how_long_and_how_far()
    {
        _host.AnswerWith(RoutingHost.ValhallaAnswer);

        var estimate = await Provider(new ValhallaServer(_host.Address, "truck")).EstimateAsync(_query, Token);

        Assert.Equal((612.4, 5_342, "valhalla"), (estimate!.Seconds, estimate.Distance, estimate.Source));
        Assert.Equal(
            ["""POST /route {"locations":[{"lat":48.1,"lon":11.5},{"lat":48.12,"lon":11.55}],"costing":"truck","units":"kilometers","directions_type":"none"}"""],
            _host.Asked);
    }

    [Theory]
    [InlineData(400, """{"code":"NoRoute","message":"Impossible route between points"}""")]
    [InlineData(400, """{"error_code":171,"error":"No suitable edges near location","status_code":400,"status":"Bad Request"}""")]
    [InlineData(200, """{"code":"Ok","routes":[]}""")]
    [InlineData(200, """{"code":"Ok","routes":[{"duration":-5,"distance":100}]}""")]
    [InlineData(200, """{"code":"Ok","routes":[{"duration":1e300,"distance":100}]}""")]
    [InlineData(200, """{"code":"Ok","routes":[null]}""")]
    [InlineData(200, "{}")]
    [InlineData(200, "null")]
    public async Task A_server_that_knows_no_way_is_no_broken_server(int status, string answer)
    {
        var provider = Osrm();
        _host.AnswerWith(answer, status);
        for (var i = 0; i < 10; i++)
        {
            Assert.Equal("history", (await provider.EstimateAsync(_query, Token))!.Source);
        }

        Assert.Equal(10, _host.Asked.Count);
    }

    [Fact]
    public async Task A_slow_server_costs_its_time_out_and_no_more()
    {
        var released = new TaskCompletionSource();
        _host.Answer = _ => released.Task;

        using var impatient = Client(TimeSpan.FromMilliseconds(200));
        var estimate = await Provider(new OsrmServer(_host.Address, null), impatient).EstimateAsync(_query, Token);

        Assert.Equal(("history", 700), (estimate!.Source, estimate.Seconds));
        Assert.False(released.Task.IsCompleted);
        released.SetResult();
    }

    [Fact]
    public async Task Broken_answers_are_none()
    {
        foreach (var answer in new Func<HttpContext, Task>[]
        {
            context => context.Response.WriteAsync("<html>It works!</html>"),
            context => context.Response.WriteAsync("""{"code":"Ok","routes":[{"duration":"soon"}]}"""),
            context => context.Response.WriteAsync(new string(' ', 20_000)),
            context => context.Response.WriteAsync("""{"code":"Ok","rou"""),
            context =>
            {
                context.Abort();
                return Task.CompletedTask;
            },
            context =>
            {
                context.Response.Redirect("http://127.0.0.1:1/");
                return Task.CompletedTask;
            },
            context =>
            {
                context.Response.StatusCode = 503;
                return Task.CompletedTask;
            },
        })
        {
            _host.Answer = answer;
            Assert.Equal("history", (await Osrm().EstimateAsync(_query, Token))!.Source);
        }
    }

    [Fact]
    public async Task A_broken_server_is_left_alone_for_a_while_and_tried_by_one()
    {
        var provider = Osrm();
        _host.AnswerWith("down", 500);
        for (var i = 0; i < 10; i++)
        {
            Assert.Equal("history", (await provider.EstimateAsync(_query, Token))!.Source);
        }

        Assert.Equal(3, _host.Asked.Count);

        _time.Advance(TimeSpan.FromSeconds(31));
        await provider.EstimateAsync(_query, Token);
        await provider.EstimateAsync(_query, Token);
        Assert.Equal(4, _host.Asked.Count);

        _time.Advance(TimeSpan.FromSeconds(31));
        _host.AnswerWith(RoutingHost.OsrmAnswer);
        for (var i = 0; i < 5; i++)
        {
            Assert.Equal("osrm", (await provider.EstimateAsync(_query, Token))!.Source);
        }
    }

    [Fact]
    public async Task A_server_that_is_not_there_is_no_fault()
    {
        await using var gone = await RoutingHost.StartAsync();
        var address = gone.Address;
        await gone.DisposeAsync();

        Assert.Equal("history", (await Provider(new OsrmServer(address, null)).EstimateAsync(_query, Token))!.Source);
    }

    private RoutedEtaProvider Osrm() => Provider(new OsrmServer(_host.Address, null));

    private static HttpClient Client(TimeSpan timeout) => new(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false })
    {
        Timeout = timeout,
        MaxResponseContentBufferSize = 10_000,
    };

    private RoutedEtaProvider Provider(IRoutingServer server, HttpClient? http = null)
    {
        var metrics = new EtaMetrics(
            new ServiceCollection().AddMetrics().BuildServiceProvider().GetRequiredService<IMeterFactory>());
        return new RoutedEtaProvider(
            server, http ?? _http, new Fixed(), new Circuit(3, TimeSpan.FromSeconds(30), _time), metrics,
            NullLogger<RoutedEtaProvider>.Instance);
    }

    private sealed class Fixed : IEtaProvider
    {
        public Task<EtaEstimate?> EstimateAsync(EtaQuery query, CancellationToken cancellationToken) =>
            Task.FromResult<EtaEstimate?>(new EtaEstimate(700, 350, 1_400, 6_000, "history"));
    }
}
