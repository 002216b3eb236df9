namespace ArtMqtt.Contracts.Positions;

/// <summary>What was found in a payload of somebody else's format, message by message.</summary>
/// <remarks>
/// A bad message does not take the good ones beside it along: such apps send a payload once, and what was
/// acknowledged is not sent again.
/// </remarks>
/// <param name="maxMessages">Most messages in one payload; with more, none counts.</param>
public sealed class DecodedMessages(int maxMessages)
{
    private readonly List<Position> _positions = [];
    private readonly List<string> _others = [];
    private int _messages;
    private bool _isRefused;

    /// <summary>The positions, in payload order.</summary>
    public IReadOnlyList<Position> Positions => _positions;

    /// <summary>Kinds of the messages that are good and carry no position, from a fixed set of short names.</summary>
    public IReadOnlyList<string> Others => _others;

    /// <summary>Why the first bad message, or the whole payload, was refused; or null.</summary>
    public PositionError? Error { get; private set; }

    /// <summary>The device that the messages name, for formats that do; null when none does.</summary>
    public string? DeviceId { get; private set; }

    /// <summary>Whether the messages name more than one device.</summary>
    public bool NamesSeveralDevices { get; private set; }

    internal void NoteDevice(string? deviceId)
    {
        if (!string.IsNullOrEmpty(deviceId))
        {
            NamesSeveralDevices |= DeviceId is not null && DeviceId != deviceId;
            DeviceId ??= deviceId;
        }
    }

    internal void Add(in LenientPosition found)
    {
        if (!found.TryBuild(out var position, out var error))
        {
            Refuse(error);
        }
        else if (TryCount())
        {
            _positions.Add(position);
        }
    }

    /// <summary>A good message without position.</summary>
    internal void Pass(string kind)
    {
        if (TryCount())
        {
            _others.Add(kind);
        }
    }

    /// <summary>A bad message.</summary>
    internal void Refuse(PositionError error)
    {
        if (TryCount())
        {
            Error ??= error;
        }
    }

    /// <summary>Nothing of the payload counts.</summary>
    internal void RefuseAll(PositionError error)
    {
        _isRefused = true;
        _positions.Clear();
        _others.Clear();
        Error = error;
    }

    private bool TryCount()
    {
        if (!_isRefused && ++_messages > maxMessages)
        {
            RefuseAll(PositionError.TooMany(maxMessages));
        }

        return !_isRefused;
    }
}
