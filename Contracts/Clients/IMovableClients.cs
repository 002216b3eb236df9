namespace ArtMqtt.Contracts.Clients;

/// <summary>Clients of one part of this node that can be asked to connect again, elsewhere, while it is being stopped.</summary>
public interface IMovableClients
{
    /// <summary>How many there are that were not asked yet.</summary>
    int Count { get; }

    /// <summary>Asks some of them to go, each once, and returns at once.</summary>
    void SendAway(int count);
}
