using System.Globalization;
using System.Text;
using ArtMqtt.Contracts.Positions;
using ArtMqtt.DeviceAgent.Sources;
using ArtMqtt.DeviceAgent.Sources.Inputs;
using Microsoft.Extensions.Logging.Abstractions;

namespace ArtMqtt.DeviceAgent.Tests.Sources;

/// <summary>
/// Damaged input of every kind. Whatever comes, nothing is thrown, every line is counted, and every fix is one that the
/// server would take. <c>ARTMQTT_FUZZ_ROUNDS</c> asks for more rounds than the usual 30,000.
/// </summary>
public sealed class ParserFuzzTests
{
    private static readonly int _rounds = int.Parse(
        Environment.GetEnvironmentVariable("ARTMQTT_FUZZ_ROUNDS") ?? "30000", CultureInfo.InvariantCulture);

    private static readonly string[] _bodies =
    [
        "GPRMC,120003.00,A,4807.038,N,01131.000,E,12.0,84.0,010124,003.1,W,A",
        "GNGGA,120003.00,4807.038,N,01131.000,E,1,08,1.0,545.4,M,46.9,M,,",
        "GNGLL,4807.038,S,01131.000,W,120003.00,A,A",
        "GPVTG,77.5,T,93.3,M,5.2,N,9.7,K,A",
        "GNGSA,A,3,04,05,,09,12,,,24,,,,,2.5,1.3,2.1,1",
        "GPGSV,3,1,11,03,03,111,00,04,15,270,00,06,01,010,00,13,06,292,00",
        "GPZDA,235958.00,28,02,2024,00,00",
        "PGRME,15.0,M,45.0,M,25.0,M",
    ];

    private static readonly string[] _fields =
    [
        "", "-", ".", "0", "-0", "1e9", "NaN", "Infinity", "1200NaN", "1200Infinity", "1200-Infinity", "99999999999999999999", "240000.00", "235960.999", "000000", "9000.0000",
        "18000.0000", "311299", "290223", "000000", "A", "V", "N", "\u00b2\u00b9", "*", "$", "!", ",,,,", "4807.038\0",
    ];

    private static readonly string[] _reports =
    [
        """{"class":"TPV","device":"/dev/a","mode":3,"time":"2026-11-27T09:59:59.500Z","lat":48.1,"lon":-11.5,"altMSL":500.5,"track":359.9,"speed":12.5,"eph":10.0,"epx":1.5,"epy":2.5}""",
        """{"class":"SKY","device":"/dev/a","nSat":3,"uSat":2,"satellites":[{"PRN":1,"used":true},{"PRN":2,"used":false}]}""",
        """{"class":"DEVICE","path":"/dev/a","activated":0}""",
        """{"class":"DEVICES","devices":[{"class":"DEVICE","path":"/dev/a","activated":"2026-11-27T09:59:59.500Z"}]}""",
    ];

    private static readonly string[] _values =
    [
        "null", "true", "[]", "{}", "\"\"", "-1", "1e400", "-1e400", "1e-400", "91", "\"\\ud800\"", "\"9999-99-99\"", "3.0",
        "99999999999999999999", "\"0001-01-01T00:00:00+14:00\"", "\"2026-11-27T10:00:00Z\"", "[[[[[[[[",
    ];

    [Fact]
    public void Sentences_with_a_right_checksum_and_anything_inside()
    {
        var random = new Random(11);
        var counts = new SourceCounts();
        var assembler = new NmeaAssembler(counts, allowMissingChecksum: false);
        var fixes = 0;
        for (var i = 0; i < _rounds; i++)
        {
            var time = TimeSpan.FromSeconds(random.Next(86_400)).ToString("hhmmss'.00'", CultureInfo.InvariantCulture);
            var fields = _bodies[random.Next(_bodies.Length)].Replace("120003.00", time).Split(',');
            for (var n = random.Next(3); n > 0; n--)
            {
                fields[random.Next(fields.Length)] = _fields[random.Next(_fields.Length)];
            }

            var body = string.Join(',', fields);
            var line = random.Next(10) == 0 ? body : Nmea.Sum(body);
            fixes += Check(assembler.Add(line, out var fix), fix) + Check(
                random.Next(5) == 0 & assembler.Flush(out var flushed), flushed);
        }

        Assert.Equal(_rounds, counts.Read);
        // The damage leaves many whole: a fuzz that finds no fix tests nothing behind the checksum.
        Assert.True(fixes > _rounds / 50, $"{fixes} fixes");
    }

    [Fact]
    public async Task Bytes_of_a_bad_cable()
    {
        var random = new Random(12);
        var bytes = new List<byte>();
        for (var i = 0; i < _rounds / 5; i++)
        {
            var moment = Encoding.ASCII.GetBytes(Nmea.Moment(i % 3000));
            for (var n = random.Next(4); n > 0; n--)
            {
                moment[random.Next(moment.Length)] = (byte)random.Next(256);
            }

            bytes.AddRange(random.Next(8) == 0 ? moment[..random.Next(moment.Length)] : moment);
        }

        var source = new NmeaSource(
            new StandardInput(() => new Dribble([.. bytes], random)), allowMissingChecksum: true, TimeProvider.System,
            NullLogger.Instance);
        var fixes = await source.ReadAsync(TestContext.Current.CancellationToken).ToListAsync(
            TestContext.Current.CancellationToken);

        Assert.All(fixes, fix => Assert.True(PositionRules.IsValid(fix, out _)));
        Assert.InRange(fixes.Count, _rounds / 20, _rounds / 2);
    }

    [Fact]
    public void Reports_of_gpsd_with_anything_inside()
    {
        var random = new Random(13);
        // By name: it would follow a damaged one until that is silent for 10 s.
        var source = new GpsdSource("none", 1, "/dev/a", TimeProvider.System, NullLogger.Instance);
        var fixes = 0;
        for (var i = 0; i < _rounds; i++)
        {
            var line = _reports[random.Next(_reports.Length)];
            for (var n = random.Next(3); n > 0; n--)
            {
                line = random.Next(2) == 0 ? ReplaceValue(line, random) : Scratch(line, random);
            }

            fixes += Check(source.TryTake(line, out var fix), fix);
        }

        Assert.Equal(_rounds, source.Counts.Read);
        Assert.True(fixes > _rounds / 50, $"{fixes} fixes");
    }

    private static int Check(bool isFix, Position fix)
    {
        Assert.True(!isFix || PositionRules.IsValid(fix, out _));
        return isFix ? 1 : 0;
    }

    private static string ReplaceValue(string line, Random random)
    {
        var colons = Enumerable.Range(0, line.Length).Where(i => line[i] == ':').ToList();
        if (colons.Count == 0)
        {
            return line;
        }

        var start = colons[random.Next(colons.Count)] + 1;
        var end = line.IndexOfAny([',', '}'], start);
        return end < 0 ? line : line[..start] + _values[random.Next(_values.Length)] + line[end..];
    }

    private static string Scratch(string line, Random random)
    {
        var chars = line.ToCharArray();
        chars[random.Next(chars.Length)] = (char)random.Next(256);
        return new string(chars, 0, random.Next(4) == 0 ? random.Next(1, chars.Length) : chars.Length);
    }

    // Hands out a few bytes at a time, as serial ports do.
    private sealed class Dribble(byte[] bytes, Random random) : MemoryStream(bytes)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(buffer.Length, random.Next(1, 300))], cancellationToken);
    }
}
