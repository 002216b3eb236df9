namespace ArtMqtt.DeviceAgent.Sources;

/// <summary>Where the bytes of a receiver come from.</summary>
internal interface IReceiverInput
{
    /// <summary>What people are told in messages, for example <c>/dev/ttyUSB0</c>.</summary>
    string Name { get; }

    /// <summary>Whether it goes on for ever: it is then opened again when it ends.</summary>
    bool IsLive { get; }

    /// <summary>Opens it; every failure for which opening it again is the cure is one of <see cref="InputFailure"/>.</summary>
    /// <exception cref="SourceException">It is a recording and cannot be read.</exception>
    ValueTask<Stream> OpenAsync(CancellationToken cancellationToken);
}
