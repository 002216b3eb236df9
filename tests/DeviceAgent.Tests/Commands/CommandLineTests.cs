using System.CommandLine;
using ArtMqtt.DeviceAgent.Commands;
using ArtMqtt.TestKit;

namespace ArtMqtt.DeviceAgent.Tests.Commands;

public sealed class CommandLineTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("run --device t-1 --spool s")]
    [InlineData("run --device t-1 --spool s --source gpsd:host:2948/dev/ttyUSB0 --keep-all --spool-mib 16")]
    [InlineData("run --device t-1 --spool s --source serial:/dev/ttyUSB0@4800 --min-interval 1 --heartbeat 60")]
    [InlineData("run --device t-1 --spool s --source udp:10110 --allow-missing-checksum")]
    [InlineData("run --device t-1 --spool s --source json:- --drain 0 --json")]
    [InlineData("run --device t-1 --spool s --source nmea:/var/log/gps.nmea")]
    [InlineData("replay a.gpx --device t-1")]
    [InlineData("simulate --vehicles 3 --city 48.1,11.5 --credentials c.json")]
    [InlineData("run --device t-1 --spool s --server any://a --server mqtt://b,https://c:8443 --ca-file ca.pem --daily-kib 500")]
    [InlineData("run --device t-1 --spool s --token-file t --control batch --when-full newest --spool-days 7")]
    [InlineData("run --device t-1 --spool s --certificate c.pem --certificate-key k.pem --climb-interval 60")]
    [InlineData("doctor --device t-1 --spool s --wait 60")]
    [InlineData("status --spool s --json")]
    [InlineData("replay --gpx a.gpx --device t-1")]
    [InlineData("replay --nmea a.nmea --device t-1 --server [::1]:1883 --speed max --keep-times --format json --qos 0")]
    [InlineData("replay --gpx a --device t --request 0b8e7bb6-0c1b-4e8a-9d0f-3f6a52a1c001 --spool s --once --json")]
    [InlineData("replay --gpx a --device t --secret-file f --loop --speed 2.5 --in-flight 100 --drain 0")]
    [InlineData("simulate --at 78.2,15.6 --credentials c.json --vehicles 3 --seed 7 --speed 10 --server host")]
    [InlineData("simulate --at -33.9,-180 --credentials c.json")]
    [InlineData("streets --at 48.1,11.5 --out a.geojson")]
    [InlineData("demo --http http://localhost:8080 --server localhost:1883 --token-file t --folder f --vehicles 5 --at 1,2")]
    public void Accepts(string arguments) => Assert.Empty(Parse(arguments).Errors.Select(e => e.Message));

    [Theory]
    [InlineData("run --device t-1", "--spool")]
    [InlineData("run --spool s", "--device")]
    [InlineData("run --device T --spool s", "--device")]
    [InlineData("run --device t --spool s --source usb", "--source")]
    [InlineData("run --device t --spool s --source gpsd:host:0", "--source")]
    [InlineData("run --device t --spool s --source tcp:host", "--source")]
    [InlineData("run --device t --spool s --source udp:host:10110", "--source")]
    [InlineData("run --device t --spool s --source sim:91,0", "--source")]
    [InlineData("run --device t --spool s --heartbeat -1", "--heartbeat")]
    [InlineData("run --device t --spool s --spool-mib 0", "--spool-mib")]
    [InlineData("run --device t --spool s --heartbeat often", "--heartbeat")]
    [InlineData("run --device t --spool s --server ftp://host", "--server")]
    [InlineData("run --device t --spool s --server host --server ws://", "--server")]
    [InlineData("run --device t --spool s --when-full panic", "--when-full")]
    [InlineData("run --device t --spool s --control never", "--control")]
    [InlineData("run --device t --spool s --secret-file s --token-file t", "--token-file")]
    [InlineData("run --device t --spool s --certificate-key k", "--certificate")]
    [InlineData("status", "--spool")]
    [InlineData("replay --device t-1", "--gpx")]
    [InlineData("replay --gpx a --nmea b --device t-1", "--gpx")]
    [InlineData("replay a --nmea b --device t-1", "FILE")]
    [InlineData("run --device t --spool s --source nmea:", "--source")]
    [InlineData("replay --gpx a --device T", "--device")]
    [InlineData("replay --gpx a", "--device")]
    [InlineData("replay --gpx a --device t --speed 0", "--speed")]
    [InlineData("replay --gpx a --device t --speed max --loop", "--loop")]
    [InlineData("replay --gpx a --device t --once --loop", "--loop")]
    [InlineData("replay --gpx a --device t --server host:99999", "--server")]
    [InlineData("replay --gpx a --device t --qos 2", "2")]
    [InlineData("replay --gpx a --device t --format xml", "xml")]
    [InlineData("replay --gpx a --device t --request 5", "--request")]
    [InlineData("replay --gpx a --device t --in-flight 0", "--in-flight")]
    [InlineData("replay --gpx a --device t --secret hunter2", "--secret")]
    [InlineData("simulate --credentials c.json --at 91,0", "--at")]
    [InlineData("simulate --credentials c.json --at 1", "--at")]
    [InlineData("simulate --credentials c.json --at 1,2 --speed max", "--speed")]
    [InlineData("simulate --credentials c.json --at 1,2 --vehicles 0", "--vehicles")]
    [InlineData("streets --at 1,2", "--out")]
    [InlineData("demo --http localhost:8080 --token-file t --folder f --at 1,2", "--http")]
    public void Refuses_and_says_which_option(string arguments, string option) =>
        Assert.Contains(Parse(arguments).Errors, e => e.Message.Contains(option, StringComparison.Ordinal));

    [Fact]
    public void Reads_the_secret_from_the_first_line_of_a_file()
    {
        var file = new FileInfo(Path.Combine(_folder.Path, "secret"));
        File.WriteAllText(file.FullName, " s3cret \nsecond line\n");

        Assert.Equal("s3cret", SecretSource.Read(file));
        File.WriteAllText(file.FullName, "\n");
        Assert.Throws<UsageException>(() => SecretSource.Read(file));
        Assert.Throws<UsageException>(() => SecretSource.Read(new FileInfo(file.FullName + "x")));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("[{\"deviceId\":\"A\",\"secret\":\"x\"}]")]
    [InlineData("[{\"deviceId\":\"a\"}]")]
    [InlineData("[{")]
    public void Says_when_a_credentials_file_is_no_list_of_devices(string text)
    {
        var path = Path.Combine(_folder.Path, "devices.json");
        File.WriteAllText(path, text);

        var e = Assert.Throws<UsageException>(() => DeviceCredential.ReadAll(path));

        Assert.Contains(path, e.Message, StringComparison.Ordinal);
    }

    private static ParseResult Parse(string arguments) => new RootCommand
    {
        new RunCommand().Build(), new ReplayCommand().Build(), new StatusCommand().Build(), new DoctorCommand().Build(),
        new SimulateCommand().Build(),
        new StreetsCommand().Build(),
        new DemoCommand().Build(),
    }.Parse(arguments);
}
