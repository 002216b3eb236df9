using ArtMqtt.Contracts.Positions;

namespace ArtMqtt.Contracts.Tests.Positions;

public sealed class SpoolRecordTests
{
    private static readonly DateTimeOffset _time = new(2026, 3, 1, 12, 30, 15, 250, TimeSpan.Zero);

    private static readonly ReceivedPositions _received = new(
        7, "truck-1", PositionRole.Operator, Guid.Parse("0b8e7bb6-0c1b-4e8a-9d0f-3f6a52a1c001"), _time,
        [
            new ReceivedPosition(new Position(48.137, 11.575, _time.AddSeconds(-1)), IsClockSuspect: true),
            new ReceivedPosition(
                new Position(-90, 180, _time)
                {
                    Speed = 1,
                    Heading = 2,
                    Accuracy = 3,
                    Altitude = -4,
                    Battery = 5,
                    Sequence = uint.MaxValue,
                },
                IsClockSuspect: false),
            new ReceivedPosition(new Position(0, 0, _time) { Battery = 0, Sequence = 0, Speed = 0 }, false),
        ]);

    private static readonly RejectedPayload _rejected = new(
        "truck-1", "art/devices/truck-1/position", _time, "position_malformed", "Nicht gültig: ü€😀", new byte[] { 1, 2, 3 })
    {
        ContentType = "application/json; charset=utf-8",
        Dialect = "osmand",
        Size = 9_000,
    };

    [Fact]
    public void The_largest_record_has_every_field_and_the_longest_device_id()
    {
        var position = new Position(1, 2, DateTimeOffset.UnixEpoch)
        {
            Speed = 1,
            Heading = 1,
            Accuracy = 1,
            Altitude = 1,
            Battery = 1,
            Sequence = 1,
        };
        var received = new ReceivedPositions(
            1, new string('x', DeviceIds.MaxLength), PositionRole.Operator, Guid.NewGuid(), DateTimeOffset.UnixEpoch,
            [.. Enumerable.Repeat(new ReceivedPosition(position, true), 1_000)]);

        Assert.Equal(SpoolRecord.MaxBytes(1_000), SpoolRecord.Encode(received).Length);
    }

    [Fact]
    public void Returns_positions_as_they_were()
    {
        Assert.True(SpoolRecord.TryDecode(SpoolRecord.Encode(_received), out var received, out var rejected));

        Assert.Null(rejected);
        Assert.Equal(_received with { Positions = received!.Positions }, received);
        Assert.Equal(_received.Positions, received.Positions);
    }

    [Fact]
    public void Returns_positions_without_a_request()
    {
        Assert.True(SpoolRecord.TryDecode(
            SpoolRecord.Encode(_received with { RequestId = null, Role = PositionRole.Device }), out var received, out _));

        Assert.Null(received!.RequestId);
        Assert.Equal(PositionRole.Device, received.Role);
    }

    [Fact]
    public void Returns_dead_letters_as_they_were()
    {
        Assert.True(SpoolRecord.TryDecode(SpoolRecord.Encode(_rejected), out var received, out var rejected));

        Assert.Null(received);
        Assert.Equal(_rejected with { Payload = rejected!.Payload }, rejected);
        Assert.Equal(_rejected.Payload.ToArray(), rejected.Payload.ToArray());
        Assert.True(rejected.IsCut);
    }

    [Fact]
    public void Returns_dead_letters_that_were_spooled_before_their_origin_was_kept()
    {
        byte[] record =
        [
            1, 2, .. BitConverter.GetBytes(_time.ToUnixTimeMilliseconds()), 1, (byte)'d', 1, 0, (byte)'t', 1, 0, (byte)'c', 1, 0,
            (byte)'e', 7, 8,
        ];

        Assert.True(SpoolRecord.TryDecode(record, out _, out var rejected));

        Assert.Equal(("d", "t", "c", "e"), (rejected!.DeviceId, rejected.Topic, rejected.Code, rejected.Detail));
        Assert.Equal([7, 8], rejected.Payload.ToArray());
        Assert.Equal((null, null, null, false), (rejected.ContentType, rejected.Dialect, rejected.Size, rejected.IsCut));
    }

    [Fact]
    public void A_content_type_that_is_too_long_to_be_one_is_cut()
    {
        var record = SpoolRecord.Encode(_rejected with { ContentType = new string('x', 60_000), Payload = new byte[RejectedPayload.MaxPayload] });

        Assert.True(SpoolRecord.TryDecode(record, out _, out var rejected));
        Assert.Equal(RejectedPayload.MaxContentType, rejected!.ContentType!.Length);
        Assert.True(record.Length <= SpoolRecord.MaxBytes(1));
    }

    [Fact]
    public void Cuts_a_payload_that_is_too_long_to_keep()
    {
        var record = SpoolRecord.Encode(_rejected with { Payload = new byte[RejectedPayload.MaxPayload + 1] });

        Assert.True(SpoolRecord.TryDecode(record, out _, out var rejected));
        Assert.Equal(RejectedPayload.MaxPayload, rejected!.Payload.Length);
    }

    [Fact]
    public void A_record_cut_short_anywhere_is_no_record()
    {
        var record = SpoolRecord.Encode(_received);
        for (var length = 0; length < record.Length; length++)
        {
            Assert.False(SpoolRecord.TryDecode(record.AsSpan(0, length), out var received, out var rejected));
            Assert.Null(received);
            Assert.Null(rejected);
        }

        // The payload of a dead letter is the rest of its record: cut there, it is shorter, not damaged.
        var letter = SpoolRecord.Encode(_rejected with { Payload = ReadOnlyMemory<byte>.Empty });
        for (var length = 0; length < letter.Length; length++)
        {
            Assert.False(SpoolRecord.TryDecode(letter.AsSpan(0, length), out _, out var rejected));
            Assert.Null(rejected);
        }
    }

    [Fact]
    public void A_record_with_something_behind_it_is_no_record() =>
        Assert.False(SpoolRecord.TryDecode([.. SpoolRecord.Encode(_received), 0], out _, out _));

    [Theory]
    [InlineData(0, 2)]
    [InlineData(1, 9)]
    public void Another_version_or_kind_is_not_read(int index, byte value)
    {
        var record = SpoolRecord.Encode(_received);
        record[index] = value;

        Assert.False(SpoolRecord.TryDecode(record, out _, out _));
    }

    [Fact]
    public void Damaged_records_never_throw()
    {
        var random = new Random(3);
        byte[][] seeds = [SpoolRecord.Encode(_received), SpoolRecord.Encode(_rejected)];
        for (var i = 0; i < 20_000; i++)
        {
            var record = seeds[i % 2].ToArray();
            for (var hits = random.Next(1, 6); hits > 0; hits--)
            {
                record[random.Next(2, record.Length)] = (byte)random.Next(256);
            }

            var isRecord = SpoolRecord.TryDecode(record, out var received, out var rejected);
            Assert.Equal(isRecord, received is not null || rejected is not null);
        }
    }
}
