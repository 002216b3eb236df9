using System.Text.Json.Nodes;
using ArtMqtt.TestKit;

namespace ArtMqtt.WebGateway.Tests;

/// <summary>A gateway with row changes, that accepts JSON Web Tokens of a shared key.</summary>
public class RealtimeGateway(TimescaleServer server) : Gateway(server)
{
    private static readonly byte[] _key = Enumerable.Repeat((byte)7, 32).ToArray();

    /// <summary>Settings with which another node takes the same tokens.</summary>
    public static (string Key, string Value)[] TokenSettings =>
    [
        ("Tokens:SymmetricKey", Convert.ToBase64String(_key)), ("Tokens:Issuer", TestToken.Issuer),
        ("Tokens:Audience", TestToken.Audience), ("Tokens:ClockSkew", "00:00:00"),
    ];

    protected override IEnumerable<(string Key, string Value)> Settings => [("Gateway:Changes:Enabled", "true"), .. TokenSettings];

    public static string Sign(params (string, JsonNode?)[] claims) => TestToken.Sign(_key, TestToken.Claims(claims));

    /// <summary>
    /// Waits until all that is committed was told: a change from just before may still reach who subscribes just after.
    /// </summary>
    public async Task SettleAsync()
    {
        await using var socket = await RealtimeSocket.ConnectAsync(this, Dispatcher.ToString());
        await socket.JoinAsync("realtime:settle", """{"event":"INSERT","table":"devices"}""");
        var last = await CreateDeviceAsync();
        await socket.ReadUntilAsync(message => message.Event == "postgres_changes"
            && message.Payload.GetProperty("data").GetProperty("record").GetProperty("device_id").GetString() == last);
    }
}
