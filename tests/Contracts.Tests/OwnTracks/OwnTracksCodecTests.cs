using System.Text;
using ArtMqtt.Contracts.OwnTracks;
using ArtMqtt.Contracts.Positions;

namespace ArtMqtt.Contracts.Tests.OwnTracks;

/// <summary>Messages as the apps write them.</summary>
public sealed class OwnTracksCodecTests
{
    [Fact]
    public void Reads_a_location_of_the_Android_app_and_converts_its_units()
    {
        var decoded = Decode(
            """
            {"_type":"location","BSSID":"02:00:00:00:00:00","SSID":"depot","_id":"5e7a1d2c","acc":12,"alt":519,"batt":87,
             "bs":1,"cog":270,"conn":"m","created_at":1767225603,"lat":48.1374123,"lon":11.5755987,"m":2,"t":"u","tid":"t1",
             "topic":"owntracks/truck-1/phone","tst":1767225600,"vac":3,"vel":90}
            """);

        var position = Assert.Single(decoded.Positions);
        Assert.Equal((48.1374123, 11.5755987), (position.Latitude, position.Longitude));
        Assert.Equal(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero), position.FixTime);
        Assert.Equal((25f, 270f, 12f, 519f, (byte?)87),
            (position.Speed, position.Heading, position.Accuracy, position.Altitude, position.Battery));
        Assert.Null(decoded.Error);
        Assert.Empty(decoded.Others);
    }

    [Fact]
    public void Reads_a_location_of_the_iOS_app()
    {
        var decoded = Decode(
            """
            {"batt":64,"lon":11.575,"acc":10,"p":95.156448364257812,"bs":1,"vac":10,"lat":48.137,"t":"t","conn":"w","m":1,
             "tst":1767225600,"alt":519,"_type":"location","tid":"P9","inregions":["Depot"],"inrids":["6da9cf"],
             "motionactivities":["stationary"],"vel":-1,"cog":-1}
            """);

        var position = Assert.Single(decoded.Positions);
        Assert.Equal((null, null, 10f, (byte?)64),
            (position.Speed, position.Heading, position.Accuracy, position.Battery));
    }

    [Fact]
    public void Only_what_must_be_there_must_be_there()
    {
        var position = Assert.Single(Decode("""{"_type":"location","lat":48.1,"lon":11.5,"tst":1767225600}""").Positions);

        Assert.Equal(new Position(48.1, 11.5, DateTimeOffset.FromUnixTimeSeconds(1767225600)), position);
    }

    [Fact]
    public void Numbers_may_be_text_as_old_versions_wrote_them()
    {
        var decoded = Decode(
            """{"_type":"location","lat":"48.1","lon":"11.5","tst":"1767225600","acc":"25m","batt":"9","vel":"36"}""");

        var position = Assert.Single(decoded.Positions);
        Assert.Equal((48.1, 10f, null, (byte?)9),
            (position.Latitude, position.Speed, position.Accuracy, position.Battery));
    }

    [Theory]
    [InlineData("vel", "1441")]
    [InlineData("vel", "-1")]
    [InlineData("cog", "361")]
    [InlineData("acc", "-1")]
    [InlineData("acc", "100001")]
    [InlineData("alt", "50001")]
    [InlineData("batt", "101")]
    [InlineData("batt", "-1")]
    [InlineData("batt", "null")]
    [InlineData("cog", "1e999")]
    [InlineData("cog", "[1]")]
    public void What_is_optional_and_impossible_is_left_out(string member, string value)
    {
        var decoded = Decode($$"""{"_type":"location","lat":48.1,"lon":11.5,"tst":1767225600,"{{member}}":{{value}}}""");

        var position = Assert.Single(decoded.Positions);
        Assert.Equal((null, null, null, null, null),
            (position.Speed, position.Heading, position.Accuracy, position.Altitude, position.Battery));
    }

    [Fact]
    public void North_may_be_360() => Assert.Equal(0, Decode(
        """{"_type":"location","lat":48.1,"lon":11.5,"tst":1767225600,"cog":360}""").Positions[0].Heading);

    [Fact]
    public void A_transition_is_a_position_too()
    {
        var decoded = Decode(
            """
            {"_type":"transition","wtst":1766620800,"lat":48.1,"lon":11.5,"tst":1767225600,"acc":16.5,"tid":"t1",
             "event":"enter","desc":"Depot","t":"c","rid":"6da9cf"}
            """);

        Assert.Equal((48.1, 16.5f), (decoded.Positions[0].Latitude, decoded.Positions[0].Accuracy));
    }

    [Theory]
    [InlineData("""{"_type":"lwt","tst":1767225600}""", "lwt")]
    [InlineData("""{"_type":"lwt"}""", "lwt")]
    [InlineData("""{"_type":"waypoint","desc":"Depot","lat":48.1,"lon":11.5,"rad":100,"tst":1766620800,"rid":"6da9cf"}""", "waypoint")]
    [InlineData("""{"_type":"waypoints","_creator":"test","waypoints":[{"_type":"waypoint","desc":"Depot","lat":48.1,"lon":11.5,"rad":100,"tst":1766620800}]}""", "waypoints")]
    [InlineData("""{"_type":"status","android":{"hib":0,"bo":0,"loc":0,"ps":0,"wifi":1}}""", "status")]
    [InlineData("""{"_type":"steps","tst":1767225600,"steps":1234,"from":1767139200,"to":1767225600}""", "steps")]
    [InlineData("""{"_type":"card","name":"Jane","face":"iVBORw0KGgo=","tid":"t1"}""", "card")]
    [InlineData("""{"_type":"cmd","action":"reportLocation"}""", "cmd")]
    [InlineData("""{"_type":"dump","configuration":{"_type":"configuration","password":"x"}}""", "dump")]
    [InlineData("""{"_type":"configuration","mode":0,"username":"truck-1"}""", "configuration")]
    [InlineData("""{"_type":"beacon","desc":"b","uuid":"00000000-0000-0000-0000-000000000000","major":1,"minor":2,"tst":1767225600,"acc":1,"rssi":-60,"prox":2}""", "beacon")]
    [InlineData("""{"_type":"request","request":"tour","tour":{"label":"A"}}""", "request")]
    [InlineData("""{"_type":"transition","wtst":1766620800,"tst":1767225600,"event":"leave","t":"b"}""", "transition")]
    [InlineData("""{"_type":"of-tomorrow","lat":1,"lon":2,"tst":3}""", "unknown")]
    [InlineData("", "empty")]
    public void What_says_nothing_about_the_place_is_good_and_passes(string payload, string kind)
    {
        var decoded = Decode(payload);

        Assert.Equal(kind, Assert.Single(decoded.Others));
        Assert.Empty(decoded.Positions);
        Assert.Null(decoded.Error);
    }

    [Theory]
    [InlineData("""{"_type":"encrypted","data":"dGhpcyBpcyBzZWNyZXQ="}""", "position_encrypted")]
    [InlineData("""{"_type":"location","lon":11.5,"tst":1767225600}""", "position_field_missing")]
    [InlineData("""{"_type":"location","lat":48.1,"tst":1767225600}""", "position_field_missing")]
    [InlineData("""{"_type":"location","lat":48.1,"lon":11.5}""", "position_field_missing")]
    [InlineData("""{"_type":"location","lat":"north","lon":11.5,"tst":1767225600}""", "position_field_missing")]
    [InlineData("""{"_type":"location","lat":91,"lon":11.5,"tst":1767225600}""", "position_field_out_of_range")]
    [InlineData("""{"_type":"location","lat":48.1,"lon":-181,"tst":1767225600}""", "position_field_out_of_range")]
    [InlineData("""{"_type":"location","lat":48.1,"lon":11.5,"tst":1e300}""", "position_field_out_of_range")]
    [InlineData("""{"lat":48.1,"lon":11.5,"tst":1767225600}""", "position_field_missing")]
    [InlineData("""{"_type":["location"]}""", "position_field_missing")]
    [InlineData("""["x"]""", "position_malformed")]
    [InlineData("4", "position_malformed")]
    [InlineData("{", "position_malformed")]
    [InlineData("X0,542A46AA,k,30365854,7575769,26,4,7,5,872", "position_malformed")]
    [InlineData("""{"_type":"\ud800"}""", "position_malformed")]
    public void What_should_say_where_and_does_not_is_refused(string payload, string code)
    {
        var decoded = Decode(payload);

        Assert.Equal(code, decoded.Error?.Code);
        Assert.Empty(decoded.Positions);
    }

    [Fact]
    public void Text_that_is_no_UTF8_is_refused()
    {
        var decoded = new DecodedMessages(10);

        OwnTracksCodec.Decode(new byte[] { (byte)'{', (byte)'"', 0xFF, (byte)'"', (byte)':', (byte)'1', (byte)'}' }, decoded);

        Assert.NotNull(decoded.Error);
    }

    [Fact]
    public void A_bad_message_in_an_array_does_not_take_the_good_ones_along()
    {
        var decoded = Decode(
            """
            [{"_type":"location","lat":1,"lon":2,"tst":1767225600},{"_type":"location","lat":100,"lon":2,"tst":1767225601},
             {"_type":"lwt"},{"_type":"location","lat":3,"lon":4,"tst":1767225602}]
            """);

        Assert.Equal([1d, 3d], decoded.Positions.Select(p => p.Latitude));
        Assert.Equal("position_field_out_of_range", decoded.Error?.Code);
        Assert.Equal(["lwt"], decoded.Others);
    }

    [Fact]
    public void Of_too_many_messages_none_counts()
    {
        var decoded = Decode($"[{string.Join(',', Enumerable.Repeat("""{"_type":"location","lat":1,"lon":2,"tst":3}""", 11))}]");

        Assert.Equal("position_batch_too_large", decoded.Error?.Code);
        Assert.Empty(decoded.Positions);
    }

    private static DecodedMessages Decode(string payload)
    {
        var decoded = new DecodedMessages(10);
        OwnTracksCodec.Decode(Encoding.UTF8.GetBytes(payload), decoded);
        return decoded;
    }
}
