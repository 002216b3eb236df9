namespace ArtMqtt.WebGateway.Streets;

/// <summary>Who has passed a cell, where and how fast; it knows only the first devices, as many as it needs.</summary>
internal sealed class Passes(int minDevices)
{
    private readonly List<int> _devices = new(1);
    private double _latitude;
    private double _longitude;
    private double _speed;
    private int _count;

    /// <summary>Whether enough different devices were here, so that it tells of no single one.</summary>
    public bool IsStreet => _devices.Count == minDevices;

    /// <summary>Degrees north, the middle of where they passed.</summary>
    public double Latitude => _latitude / _count;

    /// <summary>Degrees east, the middle of where they passed.</summary>
    public double Longitude => _longitude / _count;

    /// <summary>Metres per second on average.</summary>
    public double Speed => _speed / _count;

    public void Add(int device, double latitude, double longitude, double speed)
    {
        _latitude += latitude;
        _longitude += longitude;
        _speed += speed;
        _count++;
        if (_devices.Count < minDevices && !_devices.Contains(device))
        {
            _devices.Add(device);
        }
    }
}
