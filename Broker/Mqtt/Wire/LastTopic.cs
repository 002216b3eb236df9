using System.Text;
using System.Text.Unicode;

namespace ArtMqtt.Broker.Mqtt.Wire;

/// <summary>
/// The topic a client used last: most devices publish to one topic for ever, which then is decoded and checked once.
/// </summary>
internal sealed class LastTopic
{
    private byte[] _bytes = [];
    private string _topic = "";

    /// <summary>Reads a topic: text, without saying whether it may be published to.</summary>
    public string Read(ref WireReader reader)
    {
        var bytes = reader.Binary();
        if (!bytes.SequenceEqual(_bytes))
        {
            reader.Require(!bytes.Contains((byte)0) && Utf8.IsValid(bytes), ReasonCode.MalformedPacket);
            if (reader.Fault != ReasonCode.Success)
            {
                return "";
            }

            (_bytes, _topic) = (bytes.ToArray(), Encoding.UTF8.GetString(bytes));
        }

        return _topic;
    }
}
