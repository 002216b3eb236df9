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
        await subscriber.SubscribedAsync();
        return subscriber;
    }

    /// <summary>A running <c>mosquitto_sub</c>.</summary>
    internal sealed class Subscriber : IDisposable
    {
        private readonly Process _process;
        private readonly Channel<string> _messages = Channel.CreateUnbounded<string>();
        private readonly Channel<string> _notes = Channel.CreateUnbounded<string>();

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

        /// <summary>Waits for the SUBACK; a retained message may come before it.</summary>
        public async Task SubscribedAsync()
        {
            while (!(await ReadAsync(_notes)).StartsWith("Subscribed", StringComparison.Ordinal))
            {
            }
        }

        /// <summary>The next message: retain flag, QoS, topic, payload.</summary>
        public Task<string> ReadMessageAsync() => ReadAsync(_messages);

        public void Dispose()
        {
            _process.Kill(entireProcessTree: true);
            _process.WaitForExit();
            _process.Dispose();
        }

        private static async Task<string> ReadAsync(Channel<string> lines)
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
            limit.CancelAfter(TimeSpan.FromMinutes(1));
            return await lines.Reader.ReadAsync(limit.Token);
        }

        private void Take(string? line)
        {
            if (line is not null)
            {
                (line.StartsWith('>') ? _messages : _notes).Writer.TryWrite(line);
            }
        }
    }
}
