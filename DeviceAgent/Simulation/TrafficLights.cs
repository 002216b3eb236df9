namespace ArtMqtt.DeviceAgent.Simulation;

/// <summary>When a crossing's lights are red. The same for all vehicles, without any state.</summary>
internal static class TrafficLights
{
    private const double Cycle = 60;
    private const double Red = 26;

    /// <summary>Whether one must stop at a moment.</summary>
    /// <param name="crossing">The crossing.</param>
    /// <param name="fromSouthOrNorth">From where it is reached.</param>
    /// <param name="seconds">Simulated time.</param>
    public static bool IsRed(Crossing crossing, bool fromSouthOrNorth, double seconds)
    {
        if (!crossing.HasLights)
        {
            return false;
        }

        var phase = (seconds + (crossing.Id * 17 % (int)Cycle) + (fromSouthOrNorth ? Cycle / 2 : 0)) % Cycle;
        return phase < Red;
    }
}
