using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using System.Threading.Channels;
using ArtMqtt.Live.Nodes;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace ArtMqtt.Live.Redis.Nodes;

/// <summary>
/// Questions and answers between nodes, through a channel of each. Nobody waits for longer than the limit, and a node that is asked
/// too much at once leaves questions unanswered.
/// </summary>
internal sealed partial class RedisNodeLine(
    RedisLink link, ThisNode node, RedisNodeList list, IEnumerable<INodeAnswerer> answerers, IOptions<RedisOptions> redis,
    IOptions<NodesOptions> nodes, TimeProvider time, ILogger<RedisNodeLine> logger) : BackgroundService, INodeLine
{
    private const int MaxWaiting = 64;
    private const string Question = "ask";
    private const string Answer = "answer";

    private readonly ConcurrentDictionary<long, OpenQuestion> _open = new();
    private readonly Channel<NodeMessage> _asked = Channel.CreateBounded<NodeMessage>(
        new BoundedChannelOptions(MaxWaiting) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });

    private long _number;

    /// <inheritdoc/>
    public async Task<NodeAnswers> AskAsync(string topic, byte[] question, CancellationToken cancellationToken)
    {
        var others = list.Look();
        if (!others.IsComplete || !link.IsUsable || _open.Count >= MaxWaiting)
        {
            return new NodeAnswers(IsComplete: false, [], [.. others.Nodes.Select(other => other.Report.Name)]);
        }

        var number = Interlocked.Increment(ref _number);
        var open = _open[number] = new OpenQuestion(
            others.Nodes.Where(other => other.Condition != NodeCondition.Missing).Select(other => other.Report.Id));
        try
        {
            var message = new NodeMessage(Question, node.Id, number, topic, question).ToBytes();
            await Task.WhenAll(open.Asked.Select(id => TrySendAsync(id, message)));
            await open.WhenAnsweredAsync(nodes.Value.AnswerTimeout, time, cancellationToken);
        }
        finally
        {
            _open.TryRemove(number, out _);
        }

        var answers = open.Answers;
        return new NodeAnswers(
            IsComplete: link.IsUsable, [.. answers.Values],
            [.. others.Nodes.Where(other => !answers.ContainsKey(other.Report.Id)).Select(other => other.Report.Name)]);
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await ListenAsync(stoppingToken);
            await foreach (var asked in _asked.Reader.ReadAllAsync(stoppingToken))
            {
                await TryAnswerAsync(asked);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The end.
        }
    }

    // Once; after a break the client subscribes again by itself.
    private async Task ListenAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            if (link.IsUsable)
            {
                var channel = ChannelOf(node.Id);
                try
                {
                    (await link.HearAsync(channel)).OnMessage(message => Hear(message.Message));
                    return;
                }
                catch (Exception e) when (RedisLink.IsOutage(e))
                {
                    link.Failed(e);
                }
            }

            await Task.Delay(redis.Value.RetryInterval, time, stoppingToken);
        }
    }

    private void Hear(RedisValue value)
    {
        if (NodeMessage.TryRead(value) is not { } message)
        {
            return;
        }

        if (message.Kind == Question)
        {
            _asked.Writer.TryWrite(message);
        }
        else if (_open.TryGetValue(message.Number, out var open))
        {
            open.Take(message.From, message.Content);
        }
    }

#pragma warning disable CA1031 // A question that cannot be answered must not be the last one.
    private async Task TryAnswerAsync(NodeMessage asked)
    {
        try
        {
            if (answerers.FirstOrDefault(answerer => answerer.Topic == asked.Topic) is { } answerer)
            {
                await TrySendAsync(
                    asked.From, new NodeMessage(Answer, node.Id, asked.Number, asked.Topic, answerer.Answer(asked.Content)).ToBytes());
            }
        }
        catch (Exception e)
        {
            LogNotAnswered(e, asked.Topic);
        }
    }
#pragma warning restore CA1031

    private async Task TrySendAsync(string id, byte[] message)
    {
        try
        {
            await link.Channels.PublishAsync(ChannelOf(id), message);
        }
        catch (Exception e) when (RedisLink.IsOutage(e))
        {
            link.Failed(e);
        }
    }

    private RedisChannel ChannelOf(string id) => RedisChannel.Sharded($"{redis.Value.Prefix}:node:{id}:line");

    [LoggerMessage(LogLevel.Warning, "A question of another node about {Topic} could not be answered")]
    private partial void LogNotAnswered(Exception exception, string topic);

    /// <summary>A question or an answer on its way.</summary>
    private sealed record NodeMessage(string Kind, string From, long Number, string Topic, byte[] Content)
    {
        public byte[] ToBytes() => [.. Encoding.ASCII.GetBytes(string.Create(
            CultureInfo.InvariantCulture, $"{Kind}\n{From}\n{Number}\n{Topic}\n")), .. Content];

        public static NodeMessage? TryRead(RedisValue value)
        {
            var bytes = (byte[])value!;
            var at = 0;
            var words = new string[4];
            for (var i = 0; i < words.Length; i++)
            {
                var length = Array.IndexOf(bytes, (byte)'\n', at) - at;
                if (length < 0)
                {
                    return null;
                }

                words[i] = Encoding.ASCII.GetString(bytes, at, length);
                at += length + 1;
            }

            return long.TryParse(words[2], NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                ? new NodeMessage(words[0], words[1], number, words[3], bytes[at..])
                : null;
        }
    }
}
