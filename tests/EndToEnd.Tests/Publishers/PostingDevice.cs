using System.Net.Http.Headers;
using System.Net.Http.Json;
using ArtMqtt.EndToEnd.Tests.Servers;

namespace ArtMqtt.EndToEnd.Tests.Publishers;

/// <summary>A device that goes where it is told and posts where it is.</summary>
internal sealed class PostingDevice : IDisposable
{
    private readonly HttpClient _client;
    private readonly string _path;
    private long _last;

    public PostingDevice(NodeProcess node, Credential device)
    {
        _client = new HttpClient { BaseAddress = node.Address };
        _client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", device.Secret);
        _path = $"/api/devices/{device.DeviceId}/positions";
    }

    /// <summary>Goes there.</summary>
    /// <returns>When, ms since 1970.</returns>
    public async Task<long> MoveAsync(double latitude, double longitude)
    {
        _last = Math.Max(_last + 1, TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds());
        var position = new { lat = latitude, lng = longitude, timestamp = _last, speed = 9.5, heading = 90.0, accuracy = 8.0 };
        using var answer = await _client.PostAsJsonAsync(_path, position, TestContext.Current.CancellationToken);
        answer.EnsureSuccessStatusCode();
        return _last;
    }

    public void Dispose() => _client.Dispose();
}
