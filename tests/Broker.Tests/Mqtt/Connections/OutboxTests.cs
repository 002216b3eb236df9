using System.IO.Pipelines;
using System.Text;
using ArtMqtt.Broker.Mqtt.Connections;
using ArtMqtt.Broker.Mqtt.Routing;
using ArtMqtt.Broker.Mqtt.Sessions;
using ArtMqtt.Broker.Tests.Support;

namespace ArtMqtt.Broker.Tests.Mqtt.Connections;

public sealed class OutboxTests
{
    // As much as is written before a flush.
    private const int OneFlush = 64 << 10;

    private readonly Pipe _pipe = new(new PipeOptions(pauseWriterThreshold: 1, resumeWriterThreshold: 1));
    private readonly Outbox _outbox;

    public OutboxTests() => _outbox = new Outbox(_pipe.Writer, limit: 20, TimeProvider.System);

    [Fact]
    public async Task A_newer_message_never_overtakes_one_that_came_when_little_waited()
    {
        await StallAsync();
        Add("large", new string('x', OneFlush));
        Add("large", new string('x', OneFlush));
        AddMany(14);
        Assert.Equal(16, _outbox.Count);

        Add("t", "old", isNewestWins: true);
        await ReadAsync();
        await Soon.TrueAsync(() => _outbox.Count == 16);
        await ReadAsync();
        await Soon.TrueAsync(() => _outbox.Count == 15);
        Add("t", "newer", isNewestWins: true);
        Add("t", "newest", isNewestWins: true);

        var all = await ReadAllAsync();
        var newer = all.LastIndexOf("newer", StringComparison.Ordinal);
        Assert.True(all.LastIndexOf("newest", StringComparison.Ordinal) > newer, "The newest came first.");
    }

    [Fact]
    public async Task Where_much_may_wait_for_a_new_subscriber_what_follows_finds_room_until_it_has_caught_up()
    {
        await StallAsync();
        AddMany(40, room: 40);

        Assert.True(Add("live", "1"));
        AddMany(19);
        Assert.False(Add("live", "2"));

        await ReadAllAsync();
        await StallAsync();
        AddMany(20);
        Assert.False(Add("live", "3"));
    }

    // The writer waits for the reader from now on: it takes no more before its flush has ended.
    private async Task StallAsync()
    {
        Add("stall", "x");
        await Soon.TrueAsync(() => _outbox.Count == 0 && _outbox.Unread > TimeSpan.Zero);
    }

    private void AddMany(int count, int room = 0)
    {
        for (var i = 0; i < count; i++)
        {
            Assert.True(Add($"m/{i}", "x", room: room));
        }
    }

    private bool Add(string topic, string payload, bool isNewestWins = false, int room = 0)
    {
        var message = new Message
        {
            Topic = topic,
            Payload = Encoding.UTF8.GetBytes(payload),
            IsNewestWins = isNewestWins,
        };
        return _outbox.TryAdd(Outgoing.Publish(message, isRetained: false, null), room);
    }

    private async Task<string> ReadAsync()
    {
        var read = await _pipe.Reader.ReadAsync(TestContext.Current.CancellationToken);
        var text = Encoding.UTF8.GetString(read.Buffer);
        _pipe.Reader.AdvanceTo(read.Buffer.End);
        return text;
    }

    private async Task<string> ReadAllAsync()
    {
        var all = new StringBuilder();
        var written = _outbox.WhenWrittenAsync();
        do
        {
            await Task.Yield();
            if (_pipe.Reader.TryRead(out var read))
            {
                all.Append(Encoding.UTF8.GetString(read.Buffer));
                _pipe.Reader.AdvanceTo(read.Buffer.End);
            }
        }
        while (!written.IsCompleted);

        return all.ToString();
    }
}
