using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Text.Json;
using ArtMqtt.EndToEnd.Tests.Servers;
using ArtMqtt.TestKit.Networks;

namespace ArtMqtt.EndToEnd.Tests.Publishers;

/// <summary>
/// The agent of a vehicle, as it runs there, with a receiver that tells one place after the other. May be killed and
/// started again; what it kept stays.
/// </summary>
internal sealed class VehicleAgent(Credential device, string server, string spool) : IDisposable
{
    private static readonly long _first = TimeProvider.System.GetUtcNow().AddHours(-2).ToUnixTimeSeconds() * 1000;

    private Process? _process;
    private int _atStart;

    /// <summary>How many fixes the receiver told so far.</summary>
    public int Sent { get; private set; }

    /// <summary>When fix number n was, in ms, and where.</summary>
    public static (long Time, double Latitude) Fix(int number) => (_first + (number * 1000), 48 + (number / 1e5));

    /// <summary>Whether fixes are of the moment they are told, and not of an earlier drive.</summary>
    public bool IsLive { get; init; }

    /// <summary>The machine it runs on; null for this one.</summary>
    public NetworkHost? Host { get; init; }

    /// <summary>When each fix was, in ms.</summary>
    public List<long> Told { get; } = [];

    /// <summary>Starts it.</summary>
    public void Start()
    {
        var start = Programs.DeviceAgent(
            "run", "--source", "json:-", "--keep-all", "--device", device.DeviceId, "--spool", spool,
            "--server", server);
        Host?.Place(start);
        start.RedirectStandardInput = true;
        start.RedirectStandardError = true;
        start.Environment["ARTMQTT_SECRET"] = device.Secret;
        _process = Process.Start(start)!;
        _process.BeginErrorReadLine();
        _atStart = Sent;
    }

    /// <summary>Ends it as a power cut would.</summary>
    public async Task KillAsync()
    {
        _process!.Kill();
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken);
        _process.Dispose();
        _process = null;
    }

    /// <summary>Lets the receiver tell so many fixes more.</summary>
    public async Task TellAsync(int count)
    {
        for (var end = Sent + count; Sent < end; Sent++)
        {
            var (time, latitude) = Fix(Sent);
            time = IsLive ? Math.Max(TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds(), Told.LastOrDefault() + 1) : time;
            Told.Add(time);
            await _process!.StandardInput.WriteLineAsync(string.Create(
                CultureInfo.InvariantCulture, $$"""{"lat":{{latitude}},"lng":11.5,"timestamp":{{time}}}"""));
        }

        await _process!.StandardInput.FlushAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>Waits until it has everything the receiver told since its start on its disk.</summary>
    public Task TookAllAsync() =>
        Soon.TrueAsync("an agent that took all fixes", async () => await StatusAsync("kept") == Sent - _atStart);

    /// <summary>Waits until the server has everything.</summary>
    public Task DeliveredAllAsync() =>
        Soon.TrueAsync("an agent that delivered all fixes", async () => await StatusAsync("waiting") == 0);

    /// <inheritdoc/>
    public void Dispose()
    {
        _process?.Kill();
        _process?.WaitForExit();
        _process?.Dispose();
    }

    // As `status --json` does; null while nobody listens.
    private async Task<long?> StatusAsync(string member)
    {
        var token = TestContext.Current.CancellationToken;
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(Path.Combine(spool, "agent.sock")), token);
            await using var stream = new NetworkStream(socket);
            using var lines = new StreamReader(stream);
            return await lines.ReadLineAsync(token) is { } line
                ? JsonDocument.Parse(line).RootElement.GetProperty(member).GetInt64()
                : null;
        }
        catch (Exception e) when (e is SocketException or IOException)
        {
            return null;
        }
    }
}
