using System.Text;
using System.Text.Json;
using ArtMqtt.Store.Changes;
using ArtMqtt.WebGateway.Changes;
using ArtMqtt.WebGateway.Changes.Filters;
using ArtMqtt.WebGateway.Changes.Wire;

namespace ArtMqtt.WebGateway.Tests;

/// <summary>Whatever clients send is read or refused; nothing else happens.</summary>
public sealed class RealtimeFuzzTests
{
    private const int Cases = 30_000;

    private static readonly string[] _filterPieces =
    [
        "id", "status", "note", "version", "created_at", "=", ".", ",", "(", ")", "\"", "\\", "eq", "in", "like", "match", "is", "not.", "or(",
        "and(", "null", "true", "%", "_", "[", "]", "*", "+", "?", "{2}", "{", "}", "|", "^", "$", "\\d", "(?=", "1", "ü", "\0", "2026-01-01", " ",
    ];

    private static readonly string[] _messagePieces =
    [
        "[", "]", "{", "}", ":", ",", "null", "\"1\"", "\"topic\"", "\"event\"", "\"payload\"", "\"phx_join\"", "\"realtime:x\"", "7", "true",
        "\"\\ud800\"", "\"config\"", "\"postgres_changes\"", "{}", "[]", "\"", "\\",
    ];

    [Fact]
    public void Filters_are_read_or_explained()
    {
        var random = new Random(7);
        var row = new string?[PublishedTable.Requests.Columns.Count];
        for (var i = 0; i < Cases; i++)
        {
            var text = Join(random, _filterPieces);
            try
            {
                FilterParser.Parse(text, PublishedTable.Requests)?.Test(row);
            }
            catch (FilterException e)
            {
                Assert.NotEmpty(e.Message);
            }
        }
    }

    [Fact]
    public void Filters_that_are_nearly_right_are_read_or_explained()
    {
        var random = new Random(8);
        string?[] row = ["6f1b1c5e-0000-4000-8000-00000000000a", "pending", null, "1", "2", "a", "b", "x", "2026-01-01T00:00:00+00:00", "1"];
        for (var i = 0; i < Cases; i++)
        {
            var text = $"{_filterPieces[random.Next(5)]}={(random.Next(2) == 0 ? "not." : "")}{_filterPieces[random.Next(12, 17)]}.{Join(random, _filterPieces)}";
            try
            {
                FilterParser.Parse(text, PublishedTable.Requests)?.Test(row);
            }
            catch (FilterException e)
            {
                Assert.NotEmpty(e.Message);
            }
        }
    }

    [Fact]
    public void Messages_are_read_or_refused()
    {
        var random = new Random(9);
        for (var i = 0; i < Cases; i++)
        {
            var version = (ProtocolVersion)random.Next(2);
            var text = Encoding.UTF8.GetBytes(Join(random, _messagePieces));
            MessageReader.Read(version, isText: true, text);
            var binary = new byte[random.Next(40)];
            random.NextBytes(binary);
            if (binary.Length > 7)
            {
                // Mostly plausible: the right kind, short parts.
                binary[0] = 3;
                for (var part = 1; part <= 5; part++)
                {
                    binary[part] = (byte)random.Next(8);
                }
            }

            MessageReader.Read(version, isText: false, binary);
        }
    }

    [Fact]
    public void Joins_are_read_or_explained()
    {
        var random = new Random(10);
        string[] values = ["null", "7", "true", "\"*\"", "\"public\"", "\"service_requests\"", "\"UPDATE\"", "[]", "{}", "[\"id\"]", "[7]", "\"id=eq.1\""];
        for (var i = 0; i < Cases; i++)
        {
            string Value() => values[random.Next(values.Length)];
            var entry = random.Next(10) == 0 ? Value()
                : $$"""{"event":{{Value()}},"schema":{{Value()}},"table":{{Value()}},"filter":{{Value()}},"select":{{Value()}}}""";
            var payload = random.Next(10) == 0 ? Value()
                : $$$"""{"config":{"postgres_changes":[{{{entry}}}],"presence":{"key":{{{Value()}}},"enabled":{{{Value()}}}},"broadcast":{{{Value()}}}},"access_token":{{{Value()}}}}""";
            using var json = JsonDocument.Parse(payload);
            try
            {
                JoinConfig.Parse(json.RootElement, new ChangeOptions());
            }
            catch (FilterException e)
            {
                Assert.NotEmpty(e.Message);
            }
        }
    }

    private static string Join(Random random, string[] pieces) =>
        string.Concat(Enumerable.Range(0, random.Next(1, 14)).Select(_ => pieces[random.Next(pieces.Length)]));
}
