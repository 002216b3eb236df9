using ArtMqtt.Broker.Intake;
using ArtMqtt.Contracts.Positions;
using Microsoft.Extensions.Options;

namespace ArtMqtt.Broker.Upstream;

/// <summary>Takes a message of the upstream broker in, as if its client had published it here.</summary>
internal sealed class UpstreamIntake(
    PositionIntake intake, UpstreamSenders senders, IOptions<UpstreamOptions> options, IOptions<BrokerOptions> broker)
{
    private readonly IReadOnlyList<TopicMapping> _mappings = TopicMapping.ReadAll(options.Value);

    /// <summary>What is subscribed to.</summary>
    public IReadOnlyList<string> Filters => [.. _mappings.Select(mapping => mapping.Filter)];

    /// <summary>
    /// Takes one message. <see cref="IntakeCode.Unavailable"/>: nothing was kept, the upstream broker has to; anything else:
    /// it is done with.
    /// </summary>
    /// <remarks>As of <see cref="PositionIntake"/>: what is taken one after another is in the spool in that order.</remarks>
    public async ValueTask<IntakeResult> TakeAsync(UpstreamMessage message, CancellationToken cancellationToken)
    {
        var topic = Map(message.Topic);
        var sender = senders.Find(topic);
        var publish = new PositionPublish(sender.Client, topic, message.ContentType, message.Payload);
        if (sender.Problem is { } problem)
        {
            return senders.MayLearn
                ? IntakeResult.Refuse(IntakeCode.Unavailable, problem.Detail)
                : await RejectAsync(publish, sender.Name, problem, cancellationToken);
        }

        var result = await intake.TakeAsync(publish, cancellationToken);
        return result.Code == IntakeCode.NotAuthorized
            ? await RejectAsync(publish, sender.Name, senders.Find(topic).Problem ?? PositionError.ForeignTopic(), cancellationToken)
            : result;
    }

    private ValueTask<IntakeResult> RejectAsync(
        PositionPublish publish, string name, PositionError problem, CancellationToken cancellationToken)
    {
        // Nobody has looked at its length yet, and a letter has to fit into the spool.
        var topic = publish.Topic[..Math.Min(publish.Topic.Length, broker.Value.MaxTopicLength)];
        return intake.RejectAsync(publish with { Topic = topic }, name, problem, cancellationToken);
    }

    // The first that matches: what is subscribed to twice comes twice from some brokers, and that is harmless.
    private string Map(string topic)
    {
        foreach (var mapping in _mappings)
        {
            if (mapping.TryMap(topic, out var mapped))
            {
                return mapped;
            }
        }

        // A session that was made with other settings.
        return topic;
    }
}
