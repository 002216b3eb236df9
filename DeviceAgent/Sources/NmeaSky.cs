namespace ArtMqtt.DeviceAgent.Sources;

/// <summary>What the sentences tell about satellites: GSV of each system, and how many GGA says were used.</summary>
internal sealed class NmeaSky(SourceCounts counts)
{
    private readonly Dictionary<string, int> _inView = new(StringComparer.Ordinal);

    /// <summary>Looks at a sentence of any type.</summary>
    public void See(NmeaSentence sentence)
    {
        if (sentence.Type == "GSV" && sentence.Number(3) is >= 0 and < 100 and var inView)
        {
            _inView[sentence.Talker] = (int)inView;
            counts.SatellitesInView = _inView.Values.Sum();
        }
        else if (sentence.Type == "GGA" && sentence.Number(7) is >= 0 and < 100 and var used)
        {
            counts.SatellitesUsed = (int)used;
        }
    }
}
