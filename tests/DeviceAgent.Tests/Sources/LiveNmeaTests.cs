using System.Net;
using System.Net.Sockets;
using System.Text;
using ArtMqtt.DeviceAgent.Sources;
using ArtMqtt.DeviceAgent.Sources.Inputs;
using ArtMqtt.TestKit;
using Microsoft.Extensions.Logging.Abstractions;

namespace ArtMqtt.DeviceAgent.Tests.Sources;

public sealed class LiveNmeaTests
{
    [Fact]
    public async Task Hands_on_the_fix_when_the_receiver_pauses_and_not_a_second_later()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        await using var collector = new FixCollector(Create(new TcpInput("127.0.0.1", PortOf(listener))));
        using var receiver = await listener.AcceptTcpClientAsync(TestContext.Current.CancellationToken);

        await SendAsync(receiver, Nmea.Moment(1));

        // Nothing of the next moment has come, so it is the pause that ended this one.
        await collector.CountAsync(1);
        var fix = Assert.Single(collector.Fixes);
        Assert.Equal(500f, fix.Altitude);
        Assert.Equal(84f, fix.Heading);
    }

    [Fact]
    public async Task Makes_no_second_fix_of_what_comes_late()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        await using var collector = new FixCollector(Create(new TcpInput("127.0.0.1", PortOf(listener))));
        using var receiver = await listener.AcceptTcpClientAsync(TestContext.Current.CancellationToken);

        await SendAsync(receiver, Nmea.Moment(1));
        await collector.CountAsync(1);
        await SendAsync(receiver, Nmea.Sum("GPGLL,4807.038,N,01131.000,E,100001.00,A,A") + "\r\n" + Nmea.Moment(2));

        await collector.CountAsync(2);
        Assert.Equal([1, 2], collector.Fixes.Select(f => f.FixTime.Second));
    }

    [Fact]
    public async Task Connects_again_when_the_receiver_goes_away()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        await using var collector = new FixCollector(Create(new TcpInput("127.0.0.1", PortOf(listener))));
        for (var i = 0; i < 3; i++)
        {
            using var receiver = await listener.AcceptTcpClientAsync(TestContext.Current.CancellationToken);
            await SendAsync(receiver, Nmea.Moment(i) + "$GPRMC,torn");
            await collector.CountAsync(i + 1);
        }

        Assert.Equal([0, 1, 2], collector.Fixes.Select(f => f.FixTime.Second));
    }

    [Fact]
    public async Task Waits_for_a_receiver_that_is_not_there_yet()
    {
        var port = Ports.Free();
        await using var collector = new FixCollector(Create(new TcpInput("127.0.0.1", port)));

        using var listener = new TcpListener(IPAddress.Loopback, port);
        listener.Start();
        using var receiver = await listener.AcceptTcpClientAsync(TestContext.Current.CancellationToken);
        await SendAsync(receiver, Nmea.Moment(1));

        await collector.CountAsync(1);
    }

    [Fact]
    public async Task Takes_datagrams_and_a_lost_end_of_line_tears_nothing()
    {
        var port = Ports.Free();
        await using var collector = new FixCollector(Create(new UdpInput(new IPEndPoint(IPAddress.Loopback, port))));
        using var phone = new UdpClient();
        phone.Connect(IPAddress.Loopback, port);

        // Datagrams are lost while nobody listens.
        var second = 0;
        await FixCollector.UntilAsync(
            () => collector.Fixes.Count >= 3,
            () =>
            {
                try
                {
                    phone.Send(Encoding.ASCII.GetBytes(Nmea.Moment(second++ % 60).TrimEnd()));
                }
                catch (SocketException)
                {
                    // Not yet.
                }
            });

        Assert.All(collector.Fixes, fix => Assert.Equal(500f, fix.Altitude));
    }

    [Fact]
    public async Task Reads_a_serial_port_that_is_pulled_out_and_put_back()
    {
        using var folder = new TestFolder();
        var path = Path.Combine(folder.Path, "gps");
        using (var plugged = new PseudoTerminal())
        {
            File.CreateSymbolicLink(path, plugged.Name);
            await using var collector = new FixCollector(Create(new SerialInput(path, 9600)));
            var second = 0;
            await FixCollector.UntilAsync(
                () => collector.Fixes.Count >= 2, () => plugged.Send(Nmea.Moment(second++ % 60)));

            plugged.Dispose();
            File.Delete(path);
            using var again = new PseudoTerminal();
            File.CreateSymbolicLink(path, again.Name);
            await FixCollector.UntilAsync(
                () => Math.Abs(collector.Fixes.Last().Latitude - 49.1173) < 1e-9,
                () => again.Send(Nmea.Moment(second++ % 60, "4907.038")));
        }
    }

    [Fact]
    public async Task Waits_for_what_is_no_serial_port()
    {
        using var folder = new TestFolder();
        var input = new SerialInput(Path.Combine(folder.Path, "none"), 9600);

        var e = await Assert.ThrowsAnyAsync<Exception>(
            async () => await input.OpenAsync(TestContext.Current.CancellationToken));

        Assert.True(InputFailure.Is(e), e.ToString());
    }

    private static NmeaSource Create(IReceiverInput input) =>
        new(input, allowMissingChecksum: false, TimeProvider.System, NullLogger.Instance);

    private static int PortOf(TcpListener listener) => ((IPEndPoint)listener.LocalEndpoint).Port;

    private static async Task SendAsync(TcpClient client, string text) => await client.GetStream().WriteAsync(
        Encoding.ASCII.GetBytes(text), TestContext.Current.CancellationToken);
}
