using System.Net;
using System.Text.Json;
using ArtMqtt.WebGateway.Streets;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace ArtMqtt.WebGateway.Tests;

/// <summary>Streets that are learned from the database and served as those of a file are.</summary>
public sealed class LearnedStreetTests(Gateway gateway) : IClassFixture<Gateway>
{
    // A kilometre to the north within 100 s, by the device's number: role 1 operator, 2 customer.
    private const string DriveSql = """
        INSERT INTO positions (device_key, fix_time, received_at, role, lat, lng, accuracy)
        SELECT $1, now() - interval '1 hour' + second * interval '1 second', now(), $2, 48.1 + second * 0.00009, $3, $4
        FROM generate_series(0, 100) second;
        """;

    private const string TripSql = """
        INSERT INTO device_trips (device_key, start_time, end_time, start_lat, start_lng, end_lat, end_lng, distance_m, moving_s)
        VALUES ($1, now() - interval '61 minutes', now() - interval '50 minutes', 48.1, 11.5, 48.109, 11.5, 1000, 100)
        """;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Streets_are_learned_from_trips_of_three_devices_and_served_without_a_file()
    {
        var before = await gateway.CallAsync("GET", "/map/streets.geojson");
        Assert.Equal(404, before.Status);
        for (var device = 901; device <= 903; device++)
        {
            await DriveAsync(device, role: 1, longitude: 11.5, accuracy: 8);
            // Beside it two streets that are none: of customers, and of receivers that were not sure.
            await DriveAsync(device + 10, role: 2, longitude: 11.51, accuracy: 8);
            await DriveAsync(device + 20, role: 1, longitude: 11.52, accuracy: 80);
        }

        // And one that only two have driven.
        await DriveAsync(931, role: 1, longitude: 11.53, accuracy: 8);
        await DriveAsync(932, role: 1, longitude: 11.53, accuracy: 8);

        Assert.Equal(1, await gateway.Services.GetRequiredService<LearnedStreets>().LearnAsync(Token));

        var config = await gateway.CallAsync("GET", "/api/map/config");
        Assert.Equal("/map/streets.geojson", config.Json.GetProperty("streetsUrl").GetString());
        using var client = gateway.CreateClient(null);
        using var answer = await client.GetAsync("/map/streets.geojson", Token);
        Assert.Equal("application/geo+json", answer.Content.Headers.ContentType?.MediaType);
        var street = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Token)).RootElement.GetProperty("features")[0];
        Assert.Equal(2, street.GetProperty("properties").GetProperty("class").GetInt32());
        var line = street.GetProperty("geometry").GetProperty("coordinates").EnumerateArray().ToList();
        Assert.All(line, place => Assert.Equal(11.5, place[0].GetDouble(), 0.0001));
        Assert.InRange(Math.Abs(line[0][1].GetDouble() - line[^1][1].GetDouble()), 0.0085, 0.0092);

        using var again = new HttpRequestMessage(HttpMethod.Get, "/map/streets.geojson");
        again.Headers.IfModifiedSince = answer.Content.Headers.LastModified;
        using var same = await client.SendAsync(again, Token);
        Assert.Equal(HttpStatusCode.NotModified, same.StatusCode);
    }

    private async Task DriveAsync(int device, short role, double longitude, float accuracy)
    {
        var database = gateway.Services.GetRequiredService<NpgsqlDataSource>();
        await using var drive = database.CreateCommand(DriveSql);
        foreach (var value in new object[] { device, role, longitude, accuracy })
        {
            drive.Parameters.Add(new() { Value = value });
        }

        await drive.ExecuteNonQueryAsync(Token);
        await using var trip = database.CreateCommand(TripSql);
        trip.Parameters.Add(new() { Value = device });
        await trip.ExecuteNonQueryAsync(Token);
    }
}
