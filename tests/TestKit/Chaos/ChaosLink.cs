using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;

namespace ArtMqtt.TestKit.Chaos;

/// <summary>One connection through a <see cref="ChaosProxy"/>, with its plan.</summary>
internal sealed partial class ChaosLink(Socket client, int target, ChaosPlan plan, Action<ChaosFault> struck) : IDisposable
{
    private const int LargestHead = 16 << 10;

    private readonly Socket _server = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };

    public async Task RunAsync(CancellationToken end)
    {
        await using var ended = end.Register(Dispose);
        client.NoDelay = true;
        try
        {
            await _server.ConnectAsync(IPAddress.Loopback, target, end);
            var head = await ReadHeadAsync();
            if (plan.UpgradeFault == ChaosFault.None || !UpgradeHeader().IsMatch(head))
            {
                await ForwardAsync(head);
            }
            else
            {
                await BlockAsync(head);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // Cut, by us or by one of the two.
        }
    }

    /// <summary>Cuts it, with a reset: nobody says goodbye on a network that is cut.</summary>
    public void Dispose()
    {
        client.Close(0);
        _server.Close(0);
    }

    [GeneratedRegex(@"^Upgrade:\s*websocket\r\n", RegexOptions.IgnoreCase | RegexOptions.Multiline)]
    private static partial Regex UpgradeHeader();

    [GeneratedRegex(@"^(Upgrade|Connection):.*\r\n", RegexOptions.IgnoreCase | RegexOptions.Multiline)]
    private static partial Regex UpgradeHeaders();

    // The first header of HTTP, or what an MQTT client sent first.
    private async Task<string> ReadHeadAsync()
    {
        var head = "";
        var buffer = new byte[LargestHead];
        do
        {
            var count = await client.ReceiveAsync(buffer);
            if (count == 0)
            {
                break;
            }

            // Latin 1 keeps every byte as it is.
            head += Encoding.Latin1.GetString(buffer, 0, count);
        }
        while (char.IsAsciiLetterUpper(head[0]) && !head.Contains("\r\n\r\n", StringComparison.Ordinal) && head.Length < LargestHead);
        return head;
    }

    private async Task BlockAsync(string head)
    {
        struck(plan.UpgradeFault);
        switch (plan.UpgradeFault)
        {
            case ChaosFault.ForbidUpgrade:
                await client.SendAsync("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"u8.ToArray());
                client.Shutdown(SocketShutdown.Send);
                await SwallowAsync();
                break;
            case ChaosFault.StripUpgrade:
                await ForwardAsync(UpgradeHeaders().Replace(head, ""));
                break;
            default:
                await SwallowAsync();
                break;
        }
    }

    private async Task SwallowAsync()
    {
        var buffer = new byte[plan.Piece];
        while (await client.ReceiveAsync(buffer) > 0)
        {
        }
    }

    private async Task ForwardAsync(string head)
    {
        await _server.SendAsync(Encoding.Latin1.GetBytes(head));
        await Task.WhenAll(ForwardAsync(client, _server, isDown: false), ForwardAsync(_server, client, isDown: true));
    }

    private async Task ForwardAsync(Socket from, Socket to, bool isDown)
    {
        var left = plan.IsDown == isDown && plan.Fault != ChaosFault.None ? plan.After : long.MaxValue;
        var (fault, isMute) = (plan.Fault, false);
        var buffer = new byte[plan.Piece];
        while (await from.ReceiveAsync(buffer) is > 0 and var count)
        {
            if (plan.Delay > TimeSpan.Zero)
            {
                await Task.Delay(plan.Delay, TimeProvider.System, CancellationToken.None);
            }

            if (isMute)
            {
                continue;
            }

            var before = (int)Math.Min(left, count);
            await to.SendAsync(buffer.AsMemory(0, before));
            left -= before;
            if (left == 0)
            {
                struck(fault);
                isMute = await StrikeAsync(fault, to);
                if (!isMute)
                {
                    (fault, left) = (ChaosFault.Cut, plan.After);
                    await to.SendAsync(buffer.AsMemory(before, count - before));
                }
            }
        }

        if (!isMute)
        {
            to.Shutdown(SocketShutdown.Send);
        }
    }

    // Whether nothing more goes in this direction.
    private async Task<bool> StrikeAsync(ChaosFault fault, Socket to)
    {
        switch (fault)
        {
            case ChaosFault.Cut:
                Dispose();
                return true;
            case ChaosFault.HalfClose:
                to.Shutdown(SocketShutdown.Send);
                return true;
            default:
                await Task.Delay(plan.Pause, TimeProvider.System, CancellationToken.None);
                return false;
        }
    }
}
