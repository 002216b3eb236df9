using System.Diagnostics;
using System.Threading.Channels;
using ArtMqtt.TestKit;

namespace ArtMqtt.Broker.Tests.Support;

/// <summary>Mosquitto's command line clients: MQTT as somebody else understands it.</summary>
internal static class Mosquitto
{
    /// <summary>Runs <c>mosquitto_pub</c> to its end.</summary>
    public static Task<ProcessResult> PublishAsync(
        BrokerNode node, string user, string password, string topic, string payload, params string[] more) =>
        ProcessRunner.RunAsync(
            new ProcessStartInfo(
                "mosquitto_pub",
                ["-h", "127.0.0.1", "-p", $"{node.Port}", "-u", user, "-P", password, "-t", topic, "-m", payload, .. more]),
            TimeSpan.FromMinutes(1));

    /// <summary>Starts <c>mosquitto_sub</c> and waits until it is subscribed.</summary>
    public static async Task<Subscriber> SubscribeAsync(
        BrokerNode node, string user, string password, params string[] more)
    {
        var subscriber = new Subscriber(
            ["-h", "127.0.0.1", "-p", $"{node.Port}", "-u", user, "-P", password, "-d", "-F", "> %r %q %t %p", .. more]);
        await subscriber.ReadUntilAsync(line => line.StartsWith("Subscribed", StringComparison.Ordinal));
        return subscriber;
    }

    /// <summary>A running <c>mosquitto_sub</c>.</summary>
    internal sealed class Subscriber : IDisposable
    {
        private readonly Process _process;
        private readonly Channel<string> _lines = Channel.CreateUnbounded<string>();

        public Subscriber(string[] arguments)
        {
            _process = new Process
            {
                StartInfo = new ProcessStartInfo("stdbuf", ["-oL", "mosquitto_sub", .. arguments])
                {
                    RedirectStandardOutput = true,
                    RedirectStandardError = true,
                },
            };
            _process.OutputDataReceived += (_, e) => Take(e.Data);
            _process.ErrorDataReceived += (_, e) => Take(e.Data);
            _process.Start();
            _process.BeginOutputReadLine();
            _process.BeginErrorReadLine();
        }

        /// <summary>The next line the condition holds for; earlier ones are skipped.</summary>
        public async Task<string> ReadUntilAsync(Func<string, bool> condition)
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
            limit.CancelAfter(TimeSpan.FromMinutes(1));
            while (true)
            {
                var line = await _lines.Reader.ReadAsync(limit.Token);
                if (condition(line))
                {
                    return line;
                }
            }
        }

        /// <summary>The next message: retain flag, QoS, topic, payload.</summary>
        public Task<string> ReadMessageAsync() => ReadUntilAsync(line => line.StartsWith('>'));

        public void Dispose()
        {
            _process.Kill(entireProcessTree: true);
            _process.WaitForExit();
            _process.Dispose();
        }

        private void Take(string? line)
        {
            if (line is not null)
            {
                _lines.Writer.TryWrite(line);
            }
        }
    }
}
