using System.Text;
using ArtMqtt.Contracts.OsmAnd;
using ArtMqtt.Contracts.Positions;

namespace ArtMqtt.Contracts.Tests.OsmAnd;

/// <summary>Calls as the apps make them.</summary>
public sealed class OsmAndCodecTests
{
    private static readonly DateTimeOffset _now = new(2026, 5, 4, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Reads_the_query_of_Traccar_Client_and_converts_knots()
    {
        var decoded = Decode(
            "?id=48241179&timestamp=1767225600&lat=48.1374123&lon=11.5755987&speed=19.438444924406046&bearing=271.5"
            + "&altitude=519.4&accuracy=4.5&batt=87.0&mock=true&alarm=sos");

        var position = Assert.Single(decoded.Positions);
        Assert.Equal((48.1374123, 11.5755987), (position.Latitude, position.Longitude));
        Assert.Equal(DateTimeOffset.FromUnixTimeSeconds(1767225600), position.FixTime);
        Assert.Equal(10f, position.Speed!.Value, 0.0001f);
        Assert.Equal((271.5f, 4.5f, 519.4f, (byte?)87),
            (position.Heading, position.Accuracy, position.Altitude, position.Battery));
        Assert.Equal("48241179", decoded.DeviceId);
    }

    [Theory]
    [InlineData("1767225600")]
    [InlineData("1767225600000")]
    [InlineData("1767225600.0")]
    [InlineData("2026-01-01T00%3A00%3A00Z")]
    [InlineData("2026-01-01T00:00:00.000Z")]
    [InlineData("2026-01-01T01:00:00%2B01:00")]
    [InlineData("2026-01-01T01:00:00+01:00")]
    [InlineData("2026-01-01T00:00:00")]
    [InlineData("2026-01-01+00%3A00%3A00")]
    [InlineData("2026-01-01%2000:00:00")]
    public void Reads_every_way_to_write_the_time(string time) => Assert.Equal(
        DateTimeOffset.FromUnixTimeSeconds(1767225600),
        Assert.Single(Decode($"id=1&lat=48&lon=11&timestamp={time}").Positions).FixTime);

    [Theory]
    [InlineData("10:00")]
    [InlineData("2026-01-01")]
    [InlineData("2026-13-01T00:00:00Z")]
    [InlineData("now")]
    [InlineData("")]
    [InlineData("NaN")]
    public void A_time_that_is_none_is_refused_not_guessed(string time) => Assert.Equal(
        "position_field_out_of_range", Decode($"id=1&lat=48&lon=11&timestamp={time}").Error?.Code);

    [Fact]
    public void Without_a_time_it_is_now() =>
        Assert.Equal(_now, Assert.Single(Decode("deviceid=1&lat=48&lon=11&heading=0&hdop=1").Positions).FixTime);

    [Theory]
    [InlineData("", 18.52f)]
    [InlineData("&speedUnit=kn", 18.52f)]
    [InlineData("&speedUnit=ms", 36f)]
    [InlineData("&speedUnit=kmh", 10f)]
    public void The_address_may_tell_the_unit_of_the_speed(string unit, float expected) => Assert.Equal(
        expected, Assert.Single(Decode($"id=1&lat=48&lon=11{unit}&speed=36").Positions).Speed!.Value, 0.0001f);

    [Fact]
    public void A_unit_that_is_none_is_refused() => Assert.Equal(
        "position_field_out_of_range", Decode("id=1&lat=48&lon=11&speed=36&speedUnit=mph").Error?.Code);

    [Fact]
    public void Reads_the_query_of_OsmAnd()
    {
        var position = Assert.Single(Decode(
            "id=1&lat=48.13741&lon=11.57559&timestamp=1767225600123&accuracy=4.5&altitude=519.0&speed=12.5&speedUnit=ms"
            + "&bearing=90.0").Positions);

        Assert.Equal((1767225600123, 12.5f, 4.5f),
            (position.FixTime.ToUnixTimeMilliseconds(), position.Speed, position.Accuracy));
    }

    [Fact]
    public void The_place_may_be_one_field() =>
        Assert.Equal((60, 30.5), PlaceOf(Decode("id=1&timestamp=1767225600&location=60.0,30.5")));

    [Theory]
    [InlineData("id=1&timestamp=1767225600&cell=257,02,16,2224&wifi=00-14-22-01-23-45,-80")]
    [InlineData("id=1&timestamp=1767225600&lat=48&lon=11&valid=false")]
    [InlineData("id=1&timestamp=1767225600&lat=48&lon=11&valid=0")]
    [InlineData("id=1&timestamp=1767225600&lat=0&lon=0")]
    [InlineData("id=1&timestamp=1767225600&batt=12")]
    [InlineData("""{"id":"1","timestamp":1767225600,"batt":12}""")]
    public void A_sign_of_life_without_a_fix_is_good_and_passes(string payload)
    {
        var decoded = Decode(payload);

        Assert.Equal(["no_fix"], decoded.Others);
        Assert.Equal((0, null), (decoded.Positions.Count, decoded.Error));
    }

    [Theory]
    [InlineData("id=1&lat=91&lon=11", "position_field_out_of_range")]
    [InlineData("id=1&lat=x&lon=11", "position_field_out_of_range")]
    [InlineData("id=1&lat=Infinity&lon=11", "position_field_out_of_range")]
    [InlineData("id=1&lat=48", "position_field_missing")]
    [InlineData("id=1&lon=11", "position_field_missing")]
    [InlineData("id=1&location=48", "position_field_out_of_range")]
    [InlineData("""{"device_id":"1","location":{"timestamp":"2026-01-01T00:00:00Z"}}""", "position_field_missing")]
    [InlineData("""{"device_id":"1","location":{"coords":{"latitude":48}}}""", "position_field_missing")]
    [InlineData("""{"device_id":"1","location":[7]}""", "position_field_missing")]
    [InlineData("""{"device_id":"1","location":{"timestamp":"?","coords":{"latitude":48,"longitude":11}}}""", "position_field_missing")]
    [InlineData("""{"device_id":""", "position_malformed")]
    [InlineData("""[null]""", "position_malformed")]
    public void What_has_no_place_although_it_should_is_refused(string payload, string code)
    {
        var decoded = Decode(payload);

        Assert.Equal(code, decoded.Error?.Code);
        Assert.Empty(decoded.Positions);
    }

    [Fact]
    public void Reads_the_JSON_of_Traccar_Client_where_speed_is_metres_per_second()
    {
        var decoded = Decode(
            """
            {"location":{"timestamp":"2026-01-01T00:00:00.862Z","coords":{"latitude":48.1374123,"longitude":11.5755987,
            "accuracy":3.8,"speed":18.5,"speed_accuracy":0.26,"heading":63,"heading_accuracy":0.28,"altitude":519.5,
            "altitude_accuracy":3.8},"is_moving":true,"odometer":12.5,"event":"motionchange",
            "battery":{"level":0.79,"is_charging":false},"activity":{"type":"in_vehicle","confidence":100},"extras":{},
            "uuid":"0e9a2473-a9a7-4c00-997b-fb97d2154e75",
            "_":"&id=48241179&lat=48.1374123&lon=11.5755987&timestamp=2026-01-01T00:00:00.862Z&"},"device_id":"48241179"}
            """);

        var position = Assert.Single(decoded.Positions);
        Assert.Equal(new DateTimeOffset(2026, 1, 1, 0, 0, 0, 862, TimeSpan.Zero), position.FixTime);
        Assert.Equal((18.5f, 63f, 3.8f, 519.5f, (byte?)79),
            (position.Speed, position.Heading, position.Accuracy, position.Altitude, position.Battery));
        Assert.Equal("48241179", decoded.DeviceId);
    }

    [Fact]
    public void Minus_one_means_unknown()
    {
        var position = Assert.Single(Decode(
            """
            {"location":{"extras":{},"mock":true,"coords":{"speed_accuracy":-1,"speed":-1,"longitude":11.5,"floor":null,
            "heading_accuracy":-1,"latitude":48.1,"accuracy":5,"altitude_accuracy":-1,"altitude":0,"heading":-1},
            "is_moving":false,"age":188,"battery":{"level":-1,"is_charging":false},"activity":{"type":"unknown"},
            "timestamp":"2026-01-01T00:00:00.579Z"},"device_id":"658765"}
            """).Positions);

        Assert.Equal((null, null, 0f, null), (position.Speed, position.Heading, position.Altitude, position.Battery));
    }

    [Fact]
    public void A_batch_of_locations_is_read_in_order()
    {
        var decoded = Decode(
            """
            {"device_id":"7","location":[{"timestamp":"2026-01-01T00:00:00Z","coords":{"latitude":1,"longitude":11}},
            {"timestamp":"2026-01-01T00:00:01Z","coords":{"latitude":200,"longitude":11}},
            {"timestamp":"2026-01-01T00:00:02Z","coords":{"latitude":3,"longitude":11}}]}
            """);

        Assert.Equal([1d, 3d], decoded.Positions.Select(p => p.Latitude));
        Assert.Equal("position_field_out_of_range", decoded.Error?.Code);
    }

    [Fact]
    public void The_fields_of_the_query_may_come_as_JSON_one_or_many()
    {
        var decoded = Decode(
            """
            [{"id":"7","lat":48.1,"lon":11.5,"timestamp":1767225600,"accuracy":4.2,"speed":19.44,"bearing":90,"batt":55,
            "charge":true},{"id":7,"lat":48.2,"lon":11.5,"timestamp":1767225610,"battery_health":"good"}]
            """);

        Assert.Equal([48.1, 48.2], decoded.Positions.Select(p => p.Latitude));
        Assert.Equal(10f, decoded.Positions[0].Speed!.Value, 0.01f);
        Assert.Equal(("7", false), (decoded.DeviceId, decoded.NamesSeveralDevices));
    }

    [Fact]
    public void Says_when_a_batch_is_of_several_devices() => Assert.True(Decode(
        """[{"id":"7","lat":1,"lon":1},{"id":"8","lat":1,"lon":1}]""").NamesSeveralDevices);

    [Fact]
    public void Of_too_many_messages_none_counts()
    {
        var one = """{"coords":{"latitude":1,"longitude":1}}""";

        var decoded = Decode($$"""{"device_id":"7","location":[{{string.Join(',', Enumerable.Repeat(one, 11))}}]}""");

        Assert.Equal(("position_batch_too_large", 0), (decoded.Error?.Code, decoded.Positions.Count));
    }

    [Theory]
    [InlineData("?token=s%26x&id=1&key=k", "id=1")]
    [InlineData("id=1&%74oken=s&lat=2", "id=1&lat=2")]
    [InlineData("token", "")]
    [InlineData("tokens=1", "tokens=1")]
    public void Secrets_can_be_taken_out(string text, string expected) =>
        Assert.Equal(expected, FormFields.Without(text, "token", "key"));

    [Fact]
    public void Finds_a_field_by_any_of_its_names()
    {
        Assert.Equal("s&x y", FormFields.Find("?id=1&token=s%26x+y", "key", "token"));
        Assert.Null(FormFields.Find("?id=1", "key", "token"));
    }

    private static (double, double) PlaceOf(DecodedMessages decoded) =>
        (decoded.Positions[0].Latitude, decoded.Positions[0].Longitude);

    private static DecodedMessages Decode(string payload)
    {
        var decoded = new DecodedMessages(10);
        OsmAndCodec.Decode(Encoding.UTF8.GetBytes(payload), null, _now, decoded);
        return decoded;
    }
}
