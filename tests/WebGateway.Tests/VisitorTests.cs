using System.Net;
using ArtMqtt.WebGateway.Sharing;

namespace ArtMqtt.WebGateway.Tests;

/// <summary>What the audit keeps of who opened a link.</summary>
public sealed class VisitorTests
{
    [Theory]
    [InlineData("192.0.2.77", false, "192.0.2.0/24")]
    [InlineData("::ffff:192.0.2.77", false, "192.0.2.0/24")]
    [InlineData("2001:db8:1:2:3:4:5:6", false, "2001:db8:1::/48")]
    [InlineData("192.0.2.77", true, "192.0.2.77")]
    [InlineData("2001:db8:1:2:3:4:5:6", true, "2001:db8:1:2:3:4:5:6")]
    public void The_network_or_the_whole_address(string address, bool isWhole, string kept) =>
        Assert.Equal(kept, VisitorAddress.Of(IPAddress.Parse(address), isWhole));

    [Theory]
    [InlineData("Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1", "safari ios")]
    [InlineData("Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/130.0 Mobile/15E148 Safari/604.1", "chrome ios")]
    [InlineData("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36 Edg/130.0.0.0", "edge windows")]
    [InlineData("Mozilla/5.0 (Linux; Android 14; SAMSUNG SM-S911B) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/26.0 Chrome/122.0 Mobile Safari/537.36", "samsung android")]
    [InlineData("Mozilla/5.0 (X11; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0", "firefox linux")]
    [InlineData("WhatsApp/2.24 A", "bot")]
    [InlineData("TelegramBot (like TwitterBot)", "bot")]
    [InlineData("curl/8.5.0", "curl")]
    [InlineData("", "other")]
    [InlineData("Something new on Android", "other android")]
    public void The_kind_of_program_and_no_more(string userAgent, string kept) =>
        Assert.Equal(kept, VisitorAgent.Of(userAgent));
}
