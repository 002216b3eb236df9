using System.Net;
using System.Text;
using ArtMqtt.Broker.FrontDoors;
using ArtMqtt.Broker.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace ArtMqtt.Broker.Tests.FrontDoors;

/// <summary>What all doors have in common.</summary>
public sealed class FrontDoorTests
{
    private const string Location = """{"_type":"location","lat":48.1,"lon":11.5,"tst":1767225600}""";

    /// <summary>A good call to each door: path and body.</summary>
    public static TheoryData<string, string> Doors => new()
    {
        { "/pub", Location },
        { "/osmand?lat=48&lon=11", "" },
        { "/osmand", """{"device_id":"truck-1","location":{"coords":{"latitude":48,"longitude":11}}}""" },
        { "/api/devices/truck-1/positions", """{"lat":48.1,"lng":11.5,"timestamp":1767225600000}""" },
    };

    [Theory]
    [MemberData(nameof(Doors))]
    public async Task Without_the_right_secret_nobody_gets_in(string path, string body)
    {
        await using var node = await StartAsync();
        node.Fleet.AddDevice("off", isEnabled: false);
        using var app = new Caller(node);

        var none = await app.PostAsync(path, body);
        var wrong = await app.PostAsync(path, body, Caller.Basic("truck-1", "guessed"));
        var unknown = await app.PostAsync(path, body, Caller.Basic("truck-9", "secret-truck-9"));
        var disabled = await app.PostAsync(path, body, Caller.Basic("off", "secret-off"));
        var garbled = await app.PostAsync(path, body, new("Basic", "?"));

        Assert.Equal((HttpStatusCode.Unauthorized, "token_missing"), (none.Status, none.Code));
        Assert.NotEmpty(none.Headers.WwwAuthenticate);
        Assert.All([wrong, unknown, disabled], answer =>
            Assert.Equal((HttpStatusCode.Unauthorized, "token_invalid"), (answer.Status, answer.Code)));
        Assert.Equal((HttpStatusCode.Unauthorized, "token_missing"), (garbled.Status, garbled.Code));
        Assert.Empty(node.Spool.Received);
    }

    [Theory]
    [MemberData(nameof(Doors))]
    public async Task A_spool_that_fails_is_an_answer_to_try_again(string path, string body)
    {
        await using var node = await StartAsync();
        node.Spool.IsFailing = true;
        using var app = new Caller(node);

        var answer = await app.PostAsync(path, body, Caller.Truck);

        Assert.Equal((HttpStatusCode.ServiceUnavailable, "spool_unavailable"), (answer.Status, answer.Code));
        Assert.Equal("10", answer.Headers.GetValues("Retry-After").Single());
    }

    [Theory]
    [InlineData("/pub", """{"_type":"location"}""")]
    [InlineData("/pub", """[{"_type":"location"},{"_type":"lwt"}]""")]
    [InlineData("/osmand?lat=91&lon=0", "")]
    [InlineData("/api/devices/truck-1/positions", "{}")]
    public async Task What_could_not_be_kept_as_a_dead_letter_either_may_come_again(string path, string body)
    {
        await using var node = await StartAsync();
        node.Spool.IsFailing = true;
        using var app = new Caller(node);

        var answer = await app.PostAsync(path, body, Caller.Truck);

        Assert.Equal((HttpStatusCode.ServiceUnavailable, "spool_unavailable"), (answer.Status, answer.Code));
    }

    [Theory]
    [MemberData(nameof(Doors))]
    public async Task Before_the_devices_are_loaded_the_answer_is_to_try_again(string path, string body)
    {
        await using var node = await StartAsync();
        node.Fleet.IsLoaded = false;
        using var app = new Caller(node);

        var answer = await app.PostAsync(path, body, Caller.Truck);

        Assert.Equal((HttpStatusCode.ServiceUnavailable, "devices_not_loaded"), (answer.Status, answer.Code));
        Assert.NotEmpty(answer.Headers.GetValues("Retry-After"));
    }

    [Theory]
    [InlineData("/pub", true)]
    [InlineData("/pub", false)]
    [InlineData("/osmand", true)]
    [InlineData("/osmand", false)]
    [InlineData("/api/devices/truck-1/positions", true)]
    [InlineData("/api/devices/truck-1/positions", false)]
    public async Task A_body_beyond_the_limit_is_refused_told_or_not(string path, bool isTold)
    {
        await using var node = await StartAsync(("FrontDoors:MaxBodyBytes", "1024"));
        using var app = new Caller(node);
        byte[] Body(int length) => Encoding.ASCII.GetBytes(Location.PadRight(length));
        HttpContent Content(int length) => isTold ? new ByteArrayContent(Body(length)) : new Chunked(Body(length));

        var tooLarge = await app.PostAsync(path, Content(1025), Caller.Truck);
        var right = await app.PostAsync("/pub", Content(1024), Caller.Truck);

        Assert.Equal((HttpStatusCode.RequestEntityTooLarge, "body_too_large"), (tooLarge.Status, tooLarge.Code));
        Assert.Equal(HttpStatusCode.OK, right.Status);
    }

    [Fact]
    public async Task Somebody_who_tries_secrets_is_told_to_wait_and_the_right_one_still_works()
    {
        await using var node = await StartAsync(("FrontDoors:FailedAttemptsPerMinute", "2"));
        using var app = new Caller(node);
        var statuses = new List<(HttpStatusCode, string)>();

        for (var i = 0; i < 3; i++)
        {
            var answer = await app.PostAsync("/pub", Location, Caller.Basic("truck-1", $"guess-{i}"));
            statuses.Add((answer.Status, answer.Code));
        }

        Assert.Equal(
            [(HttpStatusCode.Unauthorized, "token_invalid"), (HttpStatusCode.Unauthorized, "token_invalid"),
                (HttpStatusCode.TooManyRequests, "too_many_attempts")],
            statuses);
        Assert.Equal(HttpStatusCode.OK, (await app.PostAsync("/pub", Location, Caller.Truck)).Status);
    }

    [Fact]
    public async Task Doors_can_be_closed_and_moved()
    {
        await using var node = await StartAsync(
            ("FrontDoors:OwnTracksPath", ""), ("FrontDoors:OsmAndPath", "/traccar/in"));
        using var app = new Caller(node);

        Assert.Equal(HttpStatusCode.NotFound, (await app.PostAsync("/pub", Location, Caller.Truck)).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await app.GetAsync("/osmand?lat=1&lon=1", Caller.Truck)).Status);
        Assert.Equal(HttpStatusCode.OK, (await app.GetAsync("/traccar/in?lat=1&lon=1", Caller.Truck)).Status);
    }

    [Theory]
    [InlineData("pub", false)]
    [InlineData("/a b", false)]
    [InlineData("/{x}", false)]
    [InlineData("/a/b-c", true)]
    public async Task A_path_must_be_one(string path, bool isValid)
    {
        var failure = await Record.ExceptionAsync(async () =>
        {
            await using var node = await StartAsync(("FrontDoors:OwnTracksPath", path));
        });

        Assert.Equal(isValid, failure is null);
        Assert.True(isValid || failure is OptionsValidationException);
    }

    [Fact]
    public async Task No_log_line_holds_a_secret_or_a_place()
    {
        var log = new RecordingLog();
        await using var node = await BrokerNode.StartAsync(log: log);
        node.Fleet.AddDevice("truck-1");
        using var app = new Caller(node);

        await app.GetAsync("/osmand?id=truck-1&token=secret-truck-1&lat=48.1374123&lon=11.5755987");
        await app.GetAsync("/osmand?id=truck-1&token=secret-guessed&lat=48.1374123&lon=11.5755987");
        await app.PostAsync("/pub?u=truck-1&token=secret-truck-1", Location);

        Assert.Equal(2, node.Spool.Received.Count);
        Assert.Contains(log.Lines, line => line.Contains("Refused credentials", StringComparison.Ordinal));
        Assert.DoesNotContain(log.Lines, line => line.Contains("secret-", StringComparison.Ordinal));
        Assert.DoesNotContain(log.Lines, line => line.Contains("48.1", StringComparison.Ordinal));
    }

    [Fact]
    public void Credentials_do_not_print_their_password() => Assert.Equal(
        "truck-1", new CallerCredentials("truck-1", "secret"u8.ToArray()).ToString());

    [Fact]
    public async Task Calls_are_counted_by_door_and_status()
    {
        await using var node = await StartAsync();
        using var calls = new CountedMeasurements(node.Services, "artmqtt.broker.front_door.calls");
        using var app = new Caller(node);

        await app.PostAsync("/pub", Location, Caller.Truck);
        await app.GetAsync("/osmand?lat=1&lon=1");

        Assert.Equal(["door=owntracks status=200", "door=osmand status=401"], calls.Tags);
    }

    private static async Task<BrokerNode> StartAsync(params (string, string)[] settings)
    {
        var node = await BrokerNode.StartAsync(settings);
        node.Fleet.AddDevice("truck-1");
        return node;
    }

    /// <summary>A body whose length is not told before.</summary>
    private sealed class Chunked(byte[] bytes) : HttpContent
    {
        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            await stream.WriteAsync(bytes.AsMemory(0, 100));
            await stream.FlushAsync();
            await stream.WriteAsync(bytes.AsMemory(100));
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
