using System.Globalization;

namespace ArtMqtt.DeviceAgent.Commands;

/// <summary><c>HOST:PORT</c> of the MQTT server; <c>[::1]:1883</c> for IPv6.</summary>
internal readonly record struct ServerAddress(string Host, int Port)
{
    /// <summary>Reads the text form; the port may be left out (1883).</summary>
    public static bool TryParse(string text, out ServerAddress address)
    {
        address = new ServerAddress(text.Trim('[', ']'), 1883);
        var colon = text.LastIndexOf(':');
        if (colon >= 0 && !text.EndsWith(']'))
        {
            var isPort = int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port);
            address = new ServerAddress(text[..colon].Trim('[', ']'), port);
            if (!isPort || port is < 1 or > 65535)
            {
                return false;
            }
        }

        return address.Host.Length > 0 && !address.Host.Contains('/');
    }
}
