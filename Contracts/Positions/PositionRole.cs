namespace ArtMqtt.Contracts.Positions;

/// <summary>In which capacity a position was published.</summary>
public enum PositionRole : byte
{
    /// <summary>By a device that serves no request at that moment.</summary>
    Device = 0,

    /// <summary>By the device that is assigned to the request.</summary>
    Operator = 1,

    /// <summary>By the customer of the request.</summary>
    Customer = 2,
}
