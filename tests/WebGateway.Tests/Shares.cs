using System.Text.Json;

namespace ArtMqtt.WebGateway.Tests;

/// <summary>What tests do with shared links.</summary>
internal static class Shares
{
    /// <summary>Hands out a link; as a dispatcher unless told otherwise.</summary>
    public static async Task<Share> ShareAsync(
        this Gateway gateway, Guid request, string body = "{}", string? token = null)
    {
        var answer = await gateway.CallAsync("POST", $"/api/requests/{request}/shares", body, token);
        Assert.True(answer.Status == 201, answer.Text);
        return new Share(
            request, answer.Json.GetProperty("shareId").GetString()!, answer.Json.GetProperty("token").GetString()!);
    }

    public static async Task RevokeAsync(this Gateway gateway, Share share) => Assert.Equal(
        204, (await gateway.CallAsync("DELETE", $"/api/requests/{share.Request}/shares/{share.Id}")).Status);

    /// <summary>The link in the dispatcher's list.</summary>
    public static async Task<JsonElement> FindAsync(this Gateway gateway, Share share) =>
        (await gateway.CallAsync("GET", $"/api/requests/{share.Request}/shares")).Json.GetProperty("items").EnumerateArray()
        .Single(item => item.GetProperty("shareId").GetString() == share.Id);

    public static async Task<IReadOnlyList<JsonElement>> OpensAsync(this Gateway gateway, Share share) =>
        [.. (await gateway.CallAsync("GET", $"/api/requests/{share.Request}/shares/{share.Id}/opens"))
            .Json.GetProperty("items").EnumerateArray()];
}

/// <summary>A link that was handed out.</summary>
internal sealed record Share(Guid Request, string Id, string Token);
