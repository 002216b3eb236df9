using System.Diagnostics;
using System.Text;
using System.Text.Json;
using ArtMqtt.Contracts.Positions;
using ArtMqtt.TestKit;

namespace ArtMqtt.WebGateway.Tests;

/// <summary>A route with all that is hard to write down, its files, and the programs that read them.</summary>
internal sealed class ExportFiles(Gateway gateway) : IDisposable
{
    /// <summary>A name that XML, JSON and file names cannot hold as it is.</summary>
    public const string Name = "Tom & Jerry's <\"1\">, Ærø; ]]>";

    private readonly TestFolder _folder = new();

    /// <summary>Unknown values, zeros, below the sea, at exactly 180°, small numbers, a gap, milliseconds.</summary>
    public static Position[] Positions { get; } =
    [
        Gateway.PositionAt(1) with
        {
            Speed = 3.3f, Heading = 90.5f, Altitude = -12.25f, Accuracy = 4.5f, Battery = 80, Sequence = uint.MaxValue,
        },
        Gateway.PositionAt(2, 48.2, 179.9) with { Altitude = 0 },
        Gateway.PositionAt(3, 1e-7, 180) with { Speed = 0, Heading = 0, Battery = 0, Sequence = 0 },
        Gateway.PositionAt(4, 0, -179.9) with { Accuracy = 1e6f },
        Gateway.PositionAt(1000, -90, -0.1),
        Gateway.PositionAt(1001, -48.3, -0.2) with
        {
            FixTime = Gateway.PositionAt(1001).FixTime.AddMilliseconds(789), Speed = 1e-8f, Altitude = 8848.5f,
        },
    ];

    /// <summary>The period of <see cref="Positions"/>.</summary>
    public const string Period = "from=2019-12-31T00:00:00Z&to=2020-01-02T00:00:00Z";

    /// <summary>A period without positions.</summary>
    public const string EmptyPeriod = "from=2021-12-31T00:00:00Z&to=2022-01-02T00:00:00Z";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>A device with a name and those positions.</summary>
    public async Task<string> CreateDeviceAsync(string name = Name)
    {
        var deviceId = $"truck-{Guid.NewGuid():N}";
        var body = JsonSerializer.Serialize(new { deviceId, name });
        Assert.Equal(201, (await gateway.CallAsync("POST", "/api/devices", body)).Status);
        await gateway.StoreAsync(deviceId, null, Positions);
        return deviceId;
    }

    /// <summary>Gets a file; its path has the extension that the gateway gave it.</summary>
    public async Task<string> GetAsync(string path, string? token = null)
    {
        using var client = gateway.CreateClient(token ?? gateway.Dispatcher.ToString());
        using var response = await client.GetAsync($"/api/{path}", Token);
        var content = await response.Content.ReadAsByteArrayAsync(Token);
        Assert.True(response.IsSuccessStatusCode, Encoding.UTF8.GetString(content));
        var name = response.Content.Headers.ContentDisposition!.FileName!.Trim('"');
        var file = Path.Combine(_folder.Path, name);
        await File.WriteAllBytesAsync(file, content, Token);
        return file;
    }

    /// <summary>Runs a program that must succeed and have nothing to complain of.</summary>
    public static async Task<string> RunAsync(string program, params string[] arguments)
    {
        var result = await ProcessRunner.RunAsync(new ProcessStartInfo(program, arguments), TimeSpan.FromMinutes(1));
        Assert.True(result.ExitCode == 0 && result.Error.Length == 0, $"{program}: {result.Error}{result.Output}");
        return result.Output;
    }

    public void Dispose() => _folder.Dispose();
}
