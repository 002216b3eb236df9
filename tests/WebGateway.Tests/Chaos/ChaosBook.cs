using System.Text.Json;
using ArtMqtt.Live;

namespace ArtMqtt.WebGateway.Tests.Chaos;

/// <summary>What one watcher received over all its transports, and where it stands.</summary>
internal sealed class ChaosBook(string cursor)
{
    private readonly List<long> _numbers = [];
    private Cursor _cursor = Cursor.TryParse(cursor, out var parsed) ? parsed : throw new FormatException(cursor);

    /// <summary>Where to go on.</summary>
    public string Position => _cursor.ToString();

    /// <summary>Number of the newest event that is known.</summary>
    public long Last => _cursor.Sequence;

    /// <summary>The numbers, in the order in which they came.</summary>
    public IReadOnlyList<long> Numbers => _numbers;

    /// <summary>Takes one live event.</summary>
    public void Take(JsonElement data, string transport)
    {
        Assert.Equal(_cursor.Epoch, data.GetProperty("epoch").GetString());
        Take(data.GetProperty("seq").GetInt64(), transport);
    }

    /// <summary>Takes the answer to a join or a poll.</summary>
    public void TakeReply(JsonElement reply, string transport)
    {
        Assert.True(reply.GetProperty("recovered").GetBoolean(), $"{transport}: {Position} was not recovered.");
        foreach (var missed in reply.GetProperty("missed").EnumerateArray())
        {
            Take(missed.GetProperty("seq").GetInt64(), transport);
        }

        // All events may be seen here, so the cursor is that of the last of them.
        Assert.Equal(Position, reply.GetProperty("cursor").GetString());
    }

    private void Take(long number, string transport)
    {
        Assert.True(number > Last, $"{transport}: {number} came after {Last}.");
        _numbers.Add(number);
        _cursor = _cursor with { Sequence = number };
    }
}
