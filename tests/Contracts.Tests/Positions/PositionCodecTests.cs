using System.Text;
using ArtMqtt.Contracts.Positions;

namespace ArtMqtt.Contracts.Tests.Positions;

public sealed class PositionCodecTests
{
    private static readonly DateTimeOffset _time = new(2026, 3, 1, 12, 30, 15, 250, TimeSpan.Zero);

    private static readonly Position _full = new(48.1372154, 11.5761237, _time)
    {
        Speed = 13.5f,
        Heading = 359.5f,
        Accuracy = 4.25f,
        Altitude = -12.5f,
        Battery = 100,
        Sequence = uint.MaxValue,
    };

    public static TheoryData<PositionFormat> Formats => [PositionFormat.Protobuf, PositionFormat.Json];

    public static TheoryData<double, double> Corners => new()
    {
        { 0, 0 }, { 0, 11.5 }, { 48.1, 0 }, { -90, -180 }, { 90, 180 }, { -1e-7, 1e-7 }, { 78.2232156, -179.9999999 },
    };

    [Theory]
    [MemberData(nameof(Formats))]
    public void Returns_what_was_encoded(PositionFormat format)
    {
        Assert.Equal([_full], Decode(PositionCodec.Encode([_full], format)));
        Assert.Equal([new Position(1, 2, _time)], Decode(PositionCodec.Encode([new Position(1, 2, _time)], format)));
        var batch = new[] { _full, new Position(0, 0, _time.AddSeconds(1)), _full with { Speed = 0, Heading = 0 } };
        Assert.Equal(batch, Decode(PositionCodec.Encode(batch, format)));
    }

    [Theory]
    [MemberData(nameof(Corners))]
    public void The_equator_and_greenwich_are_places_like_all_others(double latitude, double longitude)
    {
        var position = new Position(latitude, longitude, _time);

        var protobuf = PositionCodec.Encode([position], PositionFormat.Protobuf);

        Assert.Equal(0x0D, protobuf[0]);
        var decoded = Assert.Single(Decode(protobuf));
        Assert.Equal(latitude, decoded.Latitude, 1e-9);
        Assert.Equal(longitude, decoded.Longitude, 1e-9);
        Assert.Equal([position], Decode(PositionCodec.Encode([position], PositionFormat.Json)));
    }

    [Fact]
    public void Protobuf_is_exact_to_a_ten_millionth_of_a_degree()
    {
        var random = new Random(1);
        for (var i = 0; i < 1000; i++)
        {
            var position = new Position((random.NextDouble() * 180) - 90, (random.NextDouble() * 360) - 180, _time);
            var once = Decode(PositionCodec.Encode([position], PositionFormat.Protobuf))[0];
            Assert.Equal(position.Latitude, once.Latitude, 0.51e-7);
            Assert.Equal(position.Longitude, once.Longitude, 0.51e-7);
            Assert.Equal(once, Decode(PositionCodec.Encode([once], PositionFormat.Protobuf))[0]);
            Assert.Equal(position, Decode(PositionCodec.Encode([position], PositionFormat.Json))[0]);
        }
    }

    [Fact]
    public void A_batch_begins_with_a_byte_of_its_own()
    {
        Assert.Equal(0x7A, PositionCodec.Encode([_full, _full], PositionFormat.Protobuf)[0]);
        Assert.Equal((byte)'[', PositionCodec.Encode([_full, _full], PositionFormat.Json)[0]);
    }

    [Theory]
    [InlineData("application/json")]
    [InlineData("APPLICATION/JSON; charset=utf-8")]
    [InlineData(null)]
    [InlineData("")]
    public void Json_is_told_by_content_type_or_first_byte(string? contentType) =>
        Assert.Equal([_full], Decode(PositionCodec.Encode([_full], PositionFormat.Json), contentType));

    [Theory]
    [InlineData("application/x-protobuf")]
    [InlineData("application/protobuf")]
    [InlineData("application/octet-stream")]
    [InlineData(null)]
    public void Protobuf_is_told_by_content_type_or_first_byte(string? contentType) =>
        Assert.Equal([_full], Decode(PositionCodec.Encode([_full], PositionFormat.Protobuf), contentType));

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/x-protobuf-not")]
    [InlineData(";")]
    public void Another_content_type_is_refused(string contentType) =>
        Assert.Equal("position_content_type_unknown", Reject("{}"u8.ToArray(), contentType));

    [Theory]
    [InlineData("""{"lat":1,"lng":2,"timestamp":1700000000000}""")]
    [InlineData(""" {"lat":1,"lng":2,"timestamp":"2023-11-14T22:13:20Z"}""")]
    [InlineData("""{"lat":1,"lng":2,"timestamp":"2023-11-15T00:13:20+02:00"}""")]
    [InlineData("""{"lat":1,"lng":2,"timestamp":"2023-11-14T22:13:20"}""")]
    [InlineData("""{"lat":1,"lng":2,"timestamp":"2023-11-14T22:13:20.0009Z"}""")]
    [InlineData("""{"lat":1,"lng":2,"timestamp":"2023-11-15T00:13:20\u002B02:00"}""")]
    [InlineData("""{"lat":1.0,"lng":2e0,"timestamp":1700000000000.4,"speed":null,"x":{"y":[1,2]},"battery":null}""")]
    [InlineData("\n\t[{\"lat\":1,\"lng\":2,\"timestamp\":1700000000000}]\r\n")]
    public void Json_comes_in_many_forms(string text) => Assert.Equal(
        [new Position(1, 2, DateTimeOffset.FromUnixTimeMilliseconds(1_700_000_000_000))],
        Decode(Encoding.UTF8.GetBytes(text)));

    [Fact]
    public void A_carriage_return_first_is_json_only_with_its_content_type()
    {
        // 0x0D is also the first byte of every Protobuf position.
        var payload = "\r\n{\"lat\":1,\"lng\":2,\"timestamp\":1}"u8.ToArray();

        Assert.Single(Decode(payload, PositionCodec.JsonContentType));
        Assert.Equal("position_malformed", Reject(payload, null));
    }

    [Fact]
    public void Heading_360_is_north() => Assert.Equal(
        0f, Decode("""{"lat":1,"lng":2,"timestamp":1,"heading":360}"""u8.ToArray())[0].Heading);

    [Theory]
    [InlineData("""{"lng":2,"timestamp":1}""", "position_field_missing", "lat")]
    [InlineData("""{"lat":2,"timestamp":1}""", "position_field_missing", "lng")]
    [InlineData("""{"lat":2,"lng":1}""", "position_field_missing", "timestamp")]
    [InlineData("""{"lat":90.0001,"lng":2,"timestamp":1}""", "position_field_out_of_range", "lat")]
    [InlineData("""{"lat":1,"lng":-180.0001,"timestamp":1}""", "position_field_out_of_range", "lng")]
    [InlineData("""{"lat":null,"lng":2,"timestamp":1}""", "position_field_out_of_range", "lat")]
    [InlineData("""{"lat":"1","lng":2,"timestamp":1}""", "position_field_out_of_range", "lat")]
    [InlineData("""{"lat":1e999,"lng":2,"timestamp":1}""", "position_field_out_of_range", "lat")]
    [InlineData("""{"lat":1,"lng":2,"timestamp":"yesterday"}""", "position_field_out_of_range", "timestamp")]
    [InlineData("""{"lat":1,"lng":2,"timestamp":"10:00"}""", "position_field_out_of_range", "timestamp")]
    [InlineData("""{"lat":1,"lng":2,"timestamp":"Jan 5"}""", "position_field_out_of_range", "timestamp")]
    [InlineData("""{"lat":1,"lng":2,"timestamp":"01/02/2026"}""", "position_field_out_of_range", "timestamp")]
    [InlineData("""{"lat":1,"lng":2,"timestamp":"2026-11"}""", "position_field_out_of_range", "timestamp")]
    [InlineData("""{"lat":1,"lng":2,"timestamp":"1767225600000"}""", "position_field_out_of_range", "timestamp")]
    [InlineData("""{"lat":1,"lng":2,"timestamp":""}""", "position_field_out_of_range", "timestamp")]
    [InlineData("""{"lat":1,"lng":2,"timestamp":1e300}""", "position_field_out_of_range", "timestamp")]
    [InlineData("""{"lat":1,"lng":2,"timestamp":true}""", "position_field_out_of_range", "timestamp")]
    [InlineData("""{"lat":1,"lng":2,"timestamp":1,"speed":-1}""", "position_field_out_of_range", "speed")]
    [InlineData("""{"lat":1,"lng":2,"timestamp":1,"speed":401}""", "position_field_out_of_range", "speed")]
    [InlineData("""{"lat":1,"lng":2,"timestamp":1,"heading":361}""", "position_field_out_of_range", "heading")]
    [InlineData("""{"lat":1,"lng":2,"timestamp":1,"heading":-1}""", "position_field_out_of_range", "heading")]
    [InlineData("""{"lat":1,"lng":2,"timestamp":1,"accuracy":1e6}""", "position_field_out_of_range", "accuracy")]
    [InlineData("""{"lat":1,"lng":2,"timestamp":1,"altitude":1e5}""", "position_field_out_of_range", "altitude")]
    [InlineData("""{"lat":1,"lng":2,"timestamp":1,"battery":101}""", "position_field_out_of_range", "battery")]
    [InlineData("""{"lat":1,"lng":2,"timestamp":1,"seq":-1}""", "position_field_out_of_range", "seq")]
    [InlineData("""{"lat":1,"lng":2,"timestamp":1,"seq":1.5}""", "position_field_out_of_range", "seq")]
    [InlineData("""{"lat":1,"lng":2,"timestamp":1}{}""", "position_malformed", "")]
    [InlineData("""{"lat":1,"lng":2,"timestamp":1""", "position_malformed", "")]
    [InlineData("{", "position_malformed", "")]
    [InlineData("[]", "position_malformed", "")]
    [InlineData("[1]", "position_malformed", "")]
    [InlineData("""[{"lat":1,"lng":2,"timestamp":1},5]""", "position_malformed", "")]
    [InlineData("", "position_malformed", "")]
    [InlineData("hello", "position_malformed", "")]
    public void Refuses_with_a_code_that_says_why(string text, string code, string field)
    {
        var payload = Encoding.UTF8.GetBytes(text);

        Assert.False(PositionCodec.TryDecode(payload, null, 10, [], out var error));

        Assert.Equal(code, error.Code);
        Assert.Contains(field, error.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"lat":{},"lng":2,"timestamp":1}""")]
    [InlineData("""{"lat":[1],"lng":2,"timestamp":1}""")]
    [InlineData("""{"lat":1,"lng":2,"timestamp":[]}""")]
    [InlineData("""{"lat":1,"lng":2,"timestamp":1,"speed":{"a":1}}""")]
    [InlineData("""{"lat":1,"lng":2,"timestamp":1,"a":[[[[[[[[[[[[1]]]]]]]]]]]]}""")]
    [InlineData("null")]
    [InlineData("\u0001")]
    public void Refuses_wrong_kinds_without_an_exception(string text) =>
        Assert.NotNull(Reject(Encoding.UTF8.GetBytes(text), "application/json"));

    [Theory]
    [InlineData("""{"lat":1,"lng":2,"timestamp":"\ud800"}""")]
    [InlineData("""{"lat":1,"lng":2,"timestamp":"\udc00\ud800"}""")]
    [InlineData("{\"lat\":1,\"lng\":2,\"timestamp\":\"\u00FF\"}")]
    [InlineData("""{"lat":1,"lng":2,"timestamp":1,"\ud800":1}""")]
    [InlineData("""[{"lat":1,"lng":2,"timestamp":1},{"lat\udc00":2}]""")]
    public void Text_that_is_not_unicode_is_refused_without_an_exception(string latin1)
    {
        // Latin-1, so that U+00FF becomes the single byte 0xFF, which is no UTF-8.
        var payload = Encoding.Latin1.GetBytes(latin1);
        var positions = new List<Position>();

        Assert.False(PositionCodec.TryDecode(payload, null, 10, positions, out var error));

        Assert.StartsWith("position_", error.Code, StringComparison.Ordinal);
        Assert.Empty(positions);
    }

    [Fact]
    public void A_position_without_place_or_time_is_refused_in_protobuf_too()
    {
        Assert.Equal("position_field_missing", Reject([0x18, 1], null));
        Assert.Equal("position_field_missing", Reject([0x0D, 0, 0, 0, 0, 0x18, 1], null));
        Assert.Equal("position_field_missing", Reject([0x0D, 0, 0, 0, 0, 0x15, 0, 0, 0, 0], null));
        Assert.Equal("position_malformed", Reject([0x0D, 0, 0], null));
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void A_batch_that_is_too_large_is_refused_as_a_whole(PositionFormat format)
    {
        var payload = PositionCodec.Encode([_full, _full, _full], format);
        var positions = new List<Position> { _full };

        Assert.False(PositionCodec.TryDecode(payload, null, 2, positions, out var error));

        Assert.Equal("position_batch_too_large", error.Code);
        Assert.Empty(positions);
        Assert.True(PositionCodec.TryDecode(payload, null, 3, positions, out _));
        Assert.Equal(3, positions.Count);
    }

    [Fact]
    public void One_bad_position_refuses_its_whole_batch()
    {
        var positions = new List<Position>();

        Assert.False(PositionCodec.TryDecode(
            """[{"lat":1,"lng":2,"timestamp":1},{"lat":91,"lng":2,"timestamp":1}]"""u8, null, 10, positions, out _));

        Assert.Empty(positions);
    }

    [Theory]
    [InlineData(null)]
    [InlineData(PositionCodec.JsonContentType)]
    [InlineData(PositionCodec.ProtobufContentType)]
    public void Random_bytes_never_throw_and_never_pass_the_rules_by(string? contentType)
    {
        var random = new Random(42);
        var seeds = new[]
        {
            PositionCodec.Encode([_full], PositionFormat.Protobuf), PositionCodec.Encode([_full, _full], PositionFormat.Protobuf),
            PositionCodec.Encode([_full], PositionFormat.Json), PositionCodec.Encode([_full, _full], PositionFormat.Json),
        };
        var positions = new List<Position>();
        for (var i = 0; i < 20_000; i++)
        {
            var payload = Damage(random, seeds[i % seeds.Length], i % 3 == 0);
            if (PositionCodec.TryDecode(payload, contentType, 100, positions, out var error))
            {
                Assert.NotEmpty(positions);
                Assert.All(positions, p => Assert.True(PositionRules.IsValid(p, out _)));
            }
            else
            {
                Assert.Empty(positions);
                Assert.NotNull(error.Code);
                Assert.NotNull(error.Detail);
            }
        }
    }

    private static byte[] Damage(Random random, byte[] seed, bool isRandom)
    {
        if (isRandom)
        {
            var noise = new byte[random.Next(1, 60)];
            random.NextBytes(noise);
            return noise;
        }

        var payload = seed[..random.Next(1, seed.Length + 1)];
        for (var hits = random.Next(0, 4); hits > 0; hits--)
        {
            payload[random.Next(payload.Length)] = (byte)random.Next(256);
        }

        return payload;
    }

    private static List<Position> Decode(byte[] payload, string? contentType = null)
    {
        var positions = new List<Position>();
        Assert.True(PositionCodec.TryDecode(payload, contentType, 100, positions, out var error), error.Detail);
        return positions;
    }

    private static string Reject(byte[] payload, string? contentType)
    {
        Assert.False(PositionCodec.TryDecode(payload, contentType, 100, [], out var error));
        return error.Code;
    }
}
