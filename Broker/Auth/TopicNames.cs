using System.Buffers;

namespace ArtMqtt.Broker.Auth;

/// <summary>The form of topics and topic filters (MQTT 4.7), before anybody asks who may use them.</summary>
internal static class TopicNames
{
    private static readonly SearchValues<char> _notInTopics = SearchValues.Create("+#\0");

    /// <summary>Whether a message may be published to it: not empty, no wildcard, no NUL.</summary>
    public static bool IsTopic(string? topic) =>
        topic is { Length: > 0 } && !topic.AsSpan().ContainsAny(_notInTopics);

    /// <summary>How many levels a topic or filter has.</summary>
    public static int CountLevels(ReadOnlySpan<char> name) => name.Count('/') + 1;

    /// <summary>Whether it may be subscribed to: wildcards fill a whole level, <c>#</c> only the last one.</summary>
    public static bool IsFilter(string? filter)
    {
        if (filter is not { Length: > 0 } || filter.Contains('\0'))
        {
            return false;
        }

        var rest = filter.AsSpan();
        while (true)
        {
            var end = rest.IndexOf('/');
            var level = end < 0 ? rest : rest[..end];
            var isLast = end < 0;
            if (level.ContainsAny('+', '#') && (level.Length > 1 || (level[0] == '#' && !isLast)))
            {
                return false;
            }

            if (isLast)
            {
                return true;
            }

            rest = rest[(end + 1)..];
        }
    }
}
