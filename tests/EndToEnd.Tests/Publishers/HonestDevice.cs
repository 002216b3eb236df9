using System.Net;
using System.Net.Sockets;
using ArtMqtt.EndToEnd.Tests.Servers;

namespace ArtMqtt.EndToEnd.Tests.Publishers;

/// <summary>
/// A device that publishes numbered positions with QoS 1 and sends again, after a lost connection, what was not
/// acknowledged. It keeps book of what it sent and what was acknowledged.
/// </summary>
internal sealed class HonestDevice(int port, Credential credential)
{
    private const int Window = 16;

    // A device is no load generator: what this leaves of two processors is for the node that is to die under load.
    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(10);
    private static readonly DateTimeOffset _first = TimeProvider.System.GetUtcNow().AddDays(-1);

    private readonly SortedSet<int> _waiting = [];
    private readonly HashSet<int> _acknowledged = [];
    private volatile bool _isFinishing;
    private int _count;
    private int _published;

    /// <summary>Its id.</summary>
    public string DeviceId => credential.DeviceId;

    /// <summary>How many positions were acknowledged so far.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>Publishes until it is told to finish, then until everything is acknowledged.</summary>
    /// <param name="abort">Ends it at once.</param>
    public async Task RunAsync(CancellationToken abort)
    {
        while (!(_isFinishing && _waiting.Count == 0) && !abort.IsCancellationRequested)
        {
            try
            {
                using var connection = new TcpClient();
                await connection.ConnectAsync(IPAddress.Loopback, port, abort);
                connection.NoDelay = true;
                await PublishAsync(new MqttWire(connection.GetStream()), abort);
            }
            catch (Exception e) when (e is IOException or SocketException or OperationCanceledException)
            {
                // The server is gone, or does not answer yet: once more, with everything that is not acknowledged.
                await Task.Delay(_pause, TimeProvider.System, CancellationToken.None);
            }
        }
    }

    /// <summary>No new positions from now on.</summary>
    public void Finish() => _isFinishing = true;

    /// <summary>Compares its books with the database.</summary>
    public async Task AssertStoredAsync(PositionTable table)
    {
        var rows = await table.PositionsAsync(credential.DeviceId);

        Assert.Equal(rows.Count, rows.DistinctBy(row => row.Time).Count());
        Assert.All(rows, row => Assert.Equal(Row((int)row.Seq!), row));
        Assert.DoesNotContain(rows, row => row.Seq >= _published);
        Assert.Empty(_acknowledged.Except(rows.Select(row => (int)row.Seq!)));
    }

    private async Task PublishAsync(MqttWire wire, CancellationToken abort)
    {
        await wire.ConnectAsync(credential, abort);
        var again = new Queue<int>(_waiting);
        var inFlight = new Dictionary<ushort, int>();
        while (!(_isFinishing && _waiting.Count == 0))
        {
            while (inFlight.Count < Window && Next(again) is { } number)
            {
                var packetId = (ushort)((number % ushort.MaxValue) + 1);
                inFlight.Add(packetId, number);
                wire.AddPublish(credential.Topic, packetId, Payload(number));
            }

            await wire.FlushAsync(abort);
            foreach (var packetId in await wire.ReadAcknowledgementsAsync(abort))
            {
                inFlight.Remove(packetId, out var number);
                Assert.True(_waiting.Remove(number), "The server acknowledged what was not sent.");
                _acknowledged.Add(number);
                Volatile.Write(ref _count, _acknowledged.Count);
            }

            await Task.Delay(_pause, TimeProvider.System, abort);
        }
    }

    private int? Next(Queue<int> again)
    {
        if (again.TryDequeue(out var number))
        {
            return number;
        }

        if (_isFinishing)
        {
            return null;
        }

        _waiting.Add(_published);
        return _published++;
    }

    private static (long Time, double Lat, double Lng, long? Seq) Row(int number) => (
        _first.ToUnixTimeMilliseconds() + number, 48 + (number % 1_000_000 / 1e7), 11 + (number % 7 / 1e7), number);

    private static byte[] Payload(int number)
    {
        var (time, lat, lng, seq) = Row(number);
        return System.Text.Encoding.UTF8.GetBytes(string.Create(
            System.Globalization.CultureInfo.InvariantCulture,
            $$"""{"lat":{{lat}},"lng":{{lng}},"timestamp":{{time}},"seq":{{seq}}}"""));
    }
}
