namespace ArtMqtt.Store.Sharing;

/// <summary>What the holder of a shared link is.</summary>
public enum ShareRole
{
    /// <summary>Sees where the operator is, and the status.</summary>
    Viewer,

    /// <summary>As the customer, while the share shows anything: sees both, and sends the customer's position.</summary>
    Customer,
}
