using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.Playwright;

namespace ArtMqtt.EndToEnd.Tests.Browsers;

/// <summary>Reads the operator's locations from the SignalR frames that a page receives.</summary>
internal sealed class LiveFrames
{
    private const char RecordSeparator = '\u001e';
    private const string Operator = "operator:location";
    private const string Hub = "/hubs/tracking";
    private readonly ConcurrentQueue<LiveLocation> _locations = [];
    private int _connections;

    public LiveFrames(IPage page) => page.WebSocket += (_, socket) =>
    {
        if (new Uri(socket.Url).AbsolutePath == Hub)
        {
            var connection = Interlocked.Increment(ref _connections);
            socket.FrameReceived += (_, frame) => Take(frame.Text, connection);
        }
    };

    /// <summary>All of them, in the order they came.</summary>
    public IReadOnlyList<LiveLocation> Locations => [.. _locations];

    private void Take(string? frame, int connection)
    {
        // MessagePack is not looked into.
        foreach (var record in (frame ?? "").Split(RecordSeparator, StringSplitOptions.RemoveEmptyEntries).Where(r => r[0] == '{'))
        {
            using var message = JsonDocument.Parse(record);
            var root = message.RootElement;
            if (root.TryGetProperty("target", out var target) && target.GetString() == Operator)
            {
                var data = root.GetProperty("arguments")[0];
                Add(connection, data, data.GetProperty("epoch").GetString()!, data.GetProperty("seq").GetInt64());
            }
            else if (root.TryGetProperty("result", out var result) && result.ValueKind == JsonValueKind.Object
                && result.TryGetProperty("missed", out var missed))
            {
                var epoch = result.GetProperty("cursor").GetString()!.Split(':')[0];
                foreach (var item in missed.EnumerateArray().Where(m => m.GetProperty("name").GetString() == Operator))
                {
                    Add(connection, item.GetProperty("data"), epoch, item.GetProperty("seq").GetInt64());
                }
            }
        }
    }

    private void Add(int connection, JsonElement data, string epoch, long sequence) =>
        _locations.Enqueue(new LiveLocation(
            connection, epoch, sequence, data.GetProperty("timestamp").GetInt64(),
            data.GetProperty("lat").GetDouble(), data.GetProperty("lng").GetDouble()));
}
