using ArtMqtt.Contracts.Devices;
using ArtMqtt.Contracts.Positions;

namespace ArtMqtt.Contracts.Tests.Positions;

public sealed class SpooledEventTests
{
    private static readonly DeviceEvent _event = new(
        "truck-1", DeviceEventKind.Disconnected, new DateTimeOffset(2026, 3, 1, 0, 0, 0, 5, TimeSpan.Zero), IsOnline: true)
    {
        Reason = "KeepAliveTimeout",
        ClientId = "phöne",
        Address = "192.0.2.7",
        Protocol = "MQTT 5, tls",
        Agent = "DeviceAgent/1.0.0",
    };

    [Fact]
    public void What_is_read_is_what_was_written()
    {
        var record = SpoolRecord.Encode(_event);

        Assert.Equal(_event, SpoolRecord.ReadEvent(record));
        Assert.False(SpoolRecord.TryDecode(record, out _, out _));
    }

    [Fact]
    public void Long_texts_are_cut() => Assert.Equal(
        new string('x', DeviceEvent.MaxText), SpoolRecord.ReadEvent(SpoolRecord.Encode(_event with { Agent = new string('x', 5_000) }))!.Agent);

    [Fact]
    public void Damaged_records_are_none_and_never_throw()
    {
        var record = SpoolRecord.Encode(_event);
        for (var length = 0; length < record.Length; length++)
        {
            Assert.Null(SpoolRecord.ReadEvent(record.AsSpan(0, length)));
        }

        var random = new Random(5);
        for (var i = 0; i < 5_000; i++)
        {
            var damaged = record.ToArray();
            damaged[random.Next(2, damaged.Length)] = (byte)random.Next(256);
            SpoolRecord.ReadEvent(damaged);
        }
    }
}
