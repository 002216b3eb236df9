using System.Buffers;
using System.IO.Pipelines;
using ArtMqtt.Broker.Mqtt;

namespace ArtMqtt.Broker.Tests.Mqtt;

public sealed class MqttConnectionGuardTests
{
    private readonly Pipe _pipe = new();
    private readonly MqttConnectionGuard _guard;
    private readonly List<PacketFrame> _violations = [];

    public MqttConnectionGuardTests()
    {
        _guard = new MqttConnectionGuard(_pipe.Reader, maxBytesBeforeConnect: 16, maxBytes: 300);
        _guard.Violated = frame =>
        {
            _violations.Add(frame);
            return ValueTask.CompletedTask;
        };
    }

    [Theory]
    [InlineData("10", PacketFrame.Incomplete)]
    [InlineData("1002AA", PacketFrame.Incomplete)]
    [InlineData("1002AABB", PacketFrame.Complete)]
    [InlineData("1002AABBCC", PacketFrame.Complete)]
    [InlineData("1080", PacketFrame.Incomplete)]
    [InlineData("100E", PacketFrame.Incomplete)]
    [InlineData("100F", PacketFrame.TooLarge)]
    [InlineData("108001", PacketFrame.TooLarge)]
    [InlineData("10FFFFFF7F", PacketFrame.TooLarge)]
    [InlineData("10FFFFFFFF", PacketFrame.BadLength)]
    [InlineData("16", PacketFrame.NotConnect)]
    [InlineData("3000", PacketFrame.NotConnect)]
    [InlineData("", PacketFrame.Incomplete)]
    public void Judges_a_packet_by_its_header(string hex, object expected)
    {
        var bytes = Convert.FromHexString(hex);
        Assert.Equal(expected, PacketFrames.Inspect(new ReadOnlySequence<byte>(bytes), 16, mustBeConnect: true));
        Assert.Equal(expected, PacketFrames.Inspect(Scattered(bytes), 16, mustBeConnect: true));
    }

    [Fact]
    public async Task Passes_whole_packets_on()
    {
        await WriteAsync("1002AABB");

        var result = await _guard.ReadAsync(TestContext.Current.CancellationToken);

        Assert.Equal("1002AABB", Hex(result));
        _guard.AdvanceTo(result.Buffer.End);
        Assert.Empty(_violations);
    }

    [Fact]
    public async Task Waits_for_the_rest_of_a_packet()
    {
        await WriteAsync("1002");
        var begin = await _guard.ReadAsync(TestContext.Current.CancellationToken);
        Assert.Equal("1002", Hex(begin));
        _guard.AdvanceTo(begin.Buffer.Start, begin.Buffer.End);

        var rest = _guard.ReadAsync(TestContext.Current.CancellationToken);
        Assert.False(rest.IsCompleted);
        await WriteAsync("AABB");

        Assert.Equal("1002AABB", Hex(await rest));
    }

    [Theory]
    [InlineData("10", PacketFrame.Torn)]
    [InlineData("1002AA", PacketFrame.Torn)]
    [InlineData("108001", PacketFrame.TooLarge)]
    [InlineData("10FFFFFFFF", PacketFrame.BadLength)]
    [InlineData("30", PacketFrame.NotConnect)]
    public async Task Turns_a_violation_into_a_DISCONNECT_once(string hex, object violation)
    {
        await WriteAsync(hex);
        await _pipe.Writer.CompleteAsync();

        for (var i = 0; i < 3; i++)
        {
            var result = await _guard.ReadAsync(TestContext.Current.CancellationToken);
            Assert.Equal("E000", Hex(result));
            _guard.AdvanceTo(result.Buffer.End);
        }

        Assert.Equal([(PacketFrame)violation], _violations);
    }

    [Fact]
    public async Task An_orderly_end_is_no_violation()
    {
        await _pipe.Writer.CompleteAsync();

        var result = await _guard.ReadAsync(TestContext.Current.CancellationToken);

        Assert.True(result.IsCompleted && result.Buffer.IsEmpty);
        Assert.Empty(_violations);
    }

    [Fact]
    public async Task Takes_larger_packets_of_any_type_from_a_client_that_was_admitted()
    {
        _guard.Admit();
        var largest = "30A902" + new string('0', 2 * 297);
        await WriteAsync(largest);
        var result = await _guard.ReadAsync(TestContext.Current.CancellationToken);
        Assert.Equal(largest, Hex(result));
        _guard.AdvanceTo(result.Buffer.End);

        await WriteAsync("30AA02");

        Assert.Equal("E000", Hex(await _guard.ReadAsync(TestContext.Current.CancellationToken)));
    }

    [Fact]
    public async Task End_wakes_a_reader_that_waits()
    {
        var read = _guard.ReadAsync(TestContext.Current.CancellationToken);

        _guard.End();

        Assert.Equal("E000", Hex(await read));
        Assert.Empty(_violations);
    }

    private async Task WriteAsync(string hex) =>
        await _pipe.Writer.WriteAsync(Convert.FromHexString(hex), TestContext.Current.CancellationToken);

    private static string Hex(ReadResult result) => Convert.ToHexString(result.Buffer.ToArray());

    private static ReadOnlySequence<byte> Scattered(byte[] bytes)
    {
        if (bytes.Length == 0)
        {
            return ReadOnlySequence<byte>.Empty;
        }

        Segment first = new(bytes.AsMemory(0, 1), 0), last = first;
        for (var i = 1; i < bytes.Length; i++)
        {
            last = last.Append(bytes.AsMemory(i, 1));
        }

        return new ReadOnlySequence<byte>(first, 0, last, 1);
    }

    private sealed class Segment : ReadOnlySequenceSegment<byte>
    {
        public Segment(ReadOnlyMemory<byte> memory, long index) => (Memory, RunningIndex) = (memory, index);

        public Segment Append(ReadOnlyMemory<byte> memory)
        {
            var next = new Segment(memory, RunningIndex + Memory.Length);
            Next = next;
            return next;
        }
    }
}
