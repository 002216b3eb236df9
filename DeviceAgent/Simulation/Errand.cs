namespace ArtMqtt.DeviceAgent.Simulation;

/// <summary>What a simulated vehicle does all day: drives somewhere, stands for a while, drives on.</summary>
internal sealed class Errand(StreetNetwork network, Vehicle vehicle)
{
    private const double LeastMetres = 1500;
    private const double MostMetres = 9000;

    private double _leavesAt;
    private bool _isStanding = true;

    /// <summary>Called once a second, before the vehicle moves.</summary>
    public void Decide()
    {
        if (!vehicle.IsStanding)
        {
            return;
        }

        if (!_isStanding)
        {
            _isStanding = true;
            _leavesAt = vehicle.Seconds + 20 + (vehicle.Random.NextDouble() * 70);
        }

        if (vehicle.Seconds >= _leavesAt)
        {
            _isStanding = false;
            vehicle.Follow(RouteFinder.FindOfLength(
                network, vehicle.Destination, LeastMetres, MostMetres, vehicle.Random));
        }
    }
}
