using System.Net;
using ArtMqtt.Contracts.Positions;
using ArtMqtt.Store.Routes;
using ArtMqtt.WebGateway.Errors;
using ArtMqtt.WebGateway.Exports;
using ArtMqtt.WebGateway.Routes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace ArtMqtt.WebGateway.Tests;

/// <summary>Answers whose rows fail after the first, before anything was sent: no error follows a part of an answer.</summary>
public sealed class BrokenAnswerTests
{
    public static TheoryData<string> Answers =>
        [.. ExportFormats.All.Select(format => format.Name), "route", "route in points", "route in rows", "latest"];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Answers))]
    public async Task What_fails_later_breaks_the_transfer(string answer)
    {
        await using var app = await StartAsync(Create(answer, rows: 3));
        // Rows come compressed.
        using var client = new HttpClient(new HttpClientHandler { AutomaticDecompression = DecompressionMethods.All });
        using var response = await client.GetAsync(app.Urls.Single(), HttpCompletionOption.ResponseHeadersRead, Token);
        Assert.Equal(200, (int)response.StatusCode);
        await Assert.ThrowsAsync<HttpRequestException>(() => response.Content.ReadAsStringAsync(Token));
    }

    [Theory]
    [MemberData(nameof(Answers))]
    public async Task What_fails_at_once_is_an_error(string answer)
    {
        await using var app = await StartAsync(Create(answer, rows: 0));
        using var client = new HttpClient();
        using var response = await client.GetAsync(app.Urls.Single(), Token);
        Assert.Equal(503, (int)response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType!.MediaType);
        Assert.Null(response.Content.Headers.ContentDisposition);
    }

    private static IResult Create(string answer, int rows) => answer switch
    {
        "route" => new RouteResult(FailAfter(rows, Point), new RouteQuery()),
        "route in points" => new RouteResult(FailAfter(rows, Point), new RouteQuery { Format = "points" }),
        "route in rows" => new RouteResult(FailAfter(rows, Point), new RouteQuery { Format = RouteQuery.RowsFormat }),
        "latest" => new LatestResult(FailAfter(rows, s => new LatestPosition($"d{s}", null, null, Point(s))), 10),
        _ => new ExportResult(new FailingSource(rows), ExportFormats.Find(answer)!, TimeSpan.FromMinutes(5)),
    };

    private static RoutePoint Point(int second) =>
        new(Gateway.PositionAt(second), DateTimeOffset.UnixEpoch, PositionRole.Device);

    private static async IAsyncEnumerable<T> FailAfter<T>(int count, Func<int, T> create)
    {
        for (var row = 0; row < count; row++)
        {
            await Task.Yield();
            yield return create(row);
        }

        throw new NpgsqlException("The connection is gone.", new IOException());
    }

    private static async Task<WebApplication> StartAsync(IResult result)
    {
        var builder = WebApplication.CreateBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        builder.Services.AddResponseCompression(compression => compression.MimeTypes = [RowsShape.ContentType]);
        builder.Services.AddProblemDetails().AddExceptionHandler<ExceptionProblems>().AddExports();
        var app = builder.Build();
        app.UseExceptionHandler();
        app.UseResponseCompression();
        app.MapGet("/", () => result);
        await app.StartAsync(Token);
        return app;
    }

    private sealed class FailingSource(int rows) : IExportSource
    {
        public string Title => "test";

        public string FileName => "test";

        public Task<int> CountAsync(int limit, CancellationToken cancellationToken) => Task.FromResult(rows + 1);

        public IAsyncEnumerable<ExportedPosition> ReadAsync(int limit, CancellationToken cancellationToken) =>
            FailAfter(rows, second => new ExportedPosition("truck-7", "Truck", Point(second)));
    }
}
