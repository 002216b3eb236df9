using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using ArtMqtt.Broker.Auth;
using ArtMqtt.Contracts;
using ArtMqtt.Contracts.OwnTracks;

namespace ArtMqtt.Broker.Upstream;

/// <summary>Says which of our topics a topic of the upstream broker stands for. No I/O.</summary>
internal sealed class TopicMapping
{
    /// <summary>What may be written.</summary>
    public const string Form =
        "a topic of positions as in docs/wire-format.md, with {1}, {2}… for what the filter's + match";

    // A device id as well as a request id; and one of which several fit into a device id.
    private static readonly string[] _samples = ["00000000-0000-4000-8000-000000000000", "x"];

    private readonly string[] _levels;
    private readonly CompositeFormat? _target;

    private readonly int _wildcards;

    private TopicMapping(string filter, CompositeFormat? target)
    {
        (Filter, _levels, _target) = (filter, filter.Split('/'), target);
        _wildcards = _levels.Count(level => level == "+");
    }

    /// <summary>What is subscribed to.</summary>
    public string Filter { get; }

    /// <summary>What is subscribed to unless the settings say something else: topics that mean the same on both sides.</summary>
    public static IReadOnlyList<UpstreamTopic> Defaults { get; } =
    [
        new() { Filter = "art/devices/+/position" },
        new() { Filter = "art/requests/+/operator/position" },
        new() { Filter = "art/requests/+/customer/position" },
        new() { Filter = "owntracks/+/+" },
        new() { Filter = "owntracks/+/+/event" },
    ];

    /// <summary>The mappings of the settings, which were validated.</summary>
    public static IReadOnlyList<TopicMapping> ReadAll(UpstreamOptions options) =>
        [.. (options.Topics.Count > 0 ? options.Topics : Defaults).Select(
            topic => TryParse(topic, out var mapping) ? mapping : throw new ArgumentException(topic.Filter, nameof(options)))];

    /// <summary>Reads a setting; false when it can never lead to a topic of positions.</summary>
    public static bool TryParse(UpstreamTopic topic, [NotNullWhen(true)] out TopicMapping? mapping)
    {
        mapping = null;
        if (!TopicNames.IsFilter(topic.Filter) || topic.Filter[0] == '$')
        {
            return false;
        }

        try
        {
            var target = topic.Topic.Length == 0 ? null : CompositeFormat.Parse(topic.Topic);
            var parsed = new TopicMapping(topic.Filter, target);
            if (target?.MinimumArgumentCount > parsed._wildcards + 1 || !parsed.LeadsToPositions())
            {
                return false;
            }

            mapping = parsed;
            return true;
        }
        catch (FormatException)
        {
            // A brace without its other.
            return false;
        }
    }

    /// <summary>The topic that a message stands for; false when the filter does not match.</summary>
    public bool TryMap(string topic, [NotNullWhen(true)] out string? mapped)
    {
        mapped = null;
        // As {0} stands the whole topic.
        var values = new string[_wildcards + 1];
        values[0] = topic;
        var (found, level) = (0, 0);
        foreach (var range in topic.AsSpan().Split('/'))
        {
            if (level == _levels.Length)
            {
                return false;
            }

            if (_levels[level] == "#")
            {
                break;
            }

            if (_levels[level] == "+")
            {
                values[++found] = topic[range];
            }
            else if (!topic.AsSpan(range).SequenceEqual(_levels[level]))
            {
                return false;
            }

            level++;
        }

        // art/# matches art as well.
        if (level < _levels.Length && _levels[level] != "#")
        {
            return false;
        }

        mapped = _target is null ? topic : string.Format(CultureInfo.InvariantCulture, _target, (object[])values);
        return true;
    }

    private bool LeadsToPositions()
    {
        // What a # stands for may be anything.
        if (_target is null && _levels[^1] == "#")
        {
            return true;
        }

        return _samples.Any(sample =>
            TryMap(string.Join('/', _levels.Select(level => level == "+" ? sample : level)), out var mapped)
            && (Topics.TryParsePosition(mapped, out _) || OwnTracksTopics.TryParsePublish(mapped, out _)));
    }
}
