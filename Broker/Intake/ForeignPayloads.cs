using ArtMqtt.Contracts.OsmAnd;
using ArtMqtt.Contracts.OwnTracks;
using ArtMqtt.Contracts.Positions;

namespace ArtMqtt.Broker.Intake;

/// <summary>Reads payloads that apps of others write.</summary>
internal static class ForeignPayloads
{
    /// <summary>The dialect of a publish: that of its topic, if the topic has one.</summary>
    public static PayloadDialect DialectOf(PositionPublish publish) =>
        OwnTracksTopics.Owns(publish.Topic) ? PayloadDialect.OwnTracks : publish.Dialect;

    /// <summary>The word that dead letters keep of a dialect.</summary>
    public static string WordOf(PayloadDialect dialect) => dialect.ToString().ToLowerInvariant();

    /// <summary>The dialect of a word; null for none, and for what this version does not know.</summary>
    public static PayloadDialect? DialectOf(string? word) =>
        Enum.GetValues<PayloadDialect>().Where(dialect => WordOf(dialect) == word).Select(dialect => (PayloadDialect?)dialect)
            .SingleOrDefault();

    /// <summary>Reads a payload.</summary>
    /// <param name="publish">What came.</param>
    /// <param name="dialect">Not <see cref="PayloadDialect.Own"/>.</param>
    /// <param name="receivedAt">Our clock, for messages without time.</param>
    /// <param name="maxMessages">Most messages in it.</param>
    public static DecodedMessages Read(
        PositionPublish publish, PayloadDialect dialect, DateTimeOffset receivedAt, int maxMessages)
    {
        var decoded = new DecodedMessages(maxMessages);
        if (dialect == PayloadDialect.OwnTracks)
        {
            OwnTracksCodec.Decode(publish.Payload, decoded);
        }
        else
        {
            OsmAndCodec.Decode(publish.Payload, publish.ContentType, receivedAt, decoded);
        }

        return decoded;
    }
}
