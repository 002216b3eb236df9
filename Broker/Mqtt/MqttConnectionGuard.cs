using System.Buffers;
using System.IO.Pipelines;

namespace ArtMqtt.Broker.Mqtt;

/// <summary>
/// Stands between a connection and MQTTnet's packet reader, which spins on a torn packet and takes any announced
/// length. What must not pass ends the connection; the reader behind then sees a DISCONNECT, which is the one end it
/// handles without losing what is still being sent.
/// </summary>
/// <param name="inner">The connection's input.</param>
/// <param name="maxBytesBeforeConnect">Largest first packet, in bytes.</param>
/// <param name="maxBytes">Largest packet after <see cref="Admit"/>, in bytes.</param>
internal sealed class MqttConnectionGuard(PipeReader inner, int maxBytesBeforeConnect, int maxBytes) : PipeReader
{
    private static readonly ReadOnlySequence<byte> _disconnect = new([0xE0, 0x00]);

    private volatile bool _isAdmitted;
    private volatile bool _isEnded;

    /// <summary>Called once, before the reader behind is told, when the client broke a rule.</summary>
    public Func<PacketFrame, ValueTask>? Violated { get; set; }

    /// <summary>The client is known: larger packets, of any type, may come.</summary>
    public void Admit() => _isAdmitted = true;

    /// <summary>Ends the connection's input: the reader behind gets a DISCONNECT and nothing more.</summary>
    public void End()
    {
        _isEnded = true;
        inner.CancelPendingRead();
    }

    /// <inheritdoc/>
    public override async ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
    {
        if (_isEnded)
        {
            return Ended;
        }

        var result = await inner.ReadAsync(cancellationToken);
        var violation = Inspect(result);
        if (violation is null)
        {
            return _isEnded ? Ended : result;
        }

        _isEnded = true;
        if (Violated is { } violated)
        {
            await violated(violation.Value);
        }

        return Ended;
    }

    /// <inheritdoc/>
    public override bool TryRead(out ReadResult result)
    {
        result = Ended;
        if (_isEnded)
        {
            return true;
        }

        if (!inner.TryRead(out result))
        {
            return false;
        }

        if (_isEnded || Inspect(result) is not null)
        {
            _isEnded = true;
            result = Ended;
        }

        return true;
    }

    /// <inheritdoc/>
    public override void AdvanceTo(SequencePosition consumed) => AdvanceTo(consumed, consumed);

    /// <inheritdoc/>
    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined)
    {
        // The positions may be of the DISCONNECT that only we know; after the end nothing is read any more anyway.
        if (!_isEnded)
        {
            inner.AdvanceTo(consumed, examined);
        }
    }

    /// <inheritdoc/>
    public override void CancelPendingRead() => inner.CancelPendingRead();

    /// <inheritdoc/>
    public override void Complete(Exception? exception = null) => inner.Complete(exception);

    private static ReadResult Ended => new(_disconnect, isCanceled: false, isCompleted: false);

    private PacketFrame? Inspect(in ReadResult result)
    {
        var frame = PacketFrames.Inspect(
            result.Buffer, _isAdmitted ? maxBytes : maxBytesBeforeConnect, mustBeConnect: !_isAdmitted);
        return frame switch
        {
            PacketFrame.Complete => null,
            PacketFrame.Incomplete when !result.IsCompleted || result.Buffer.IsEmpty => null,
            PacketFrame.Incomplete => PacketFrame.Torn,
            _ => frame,
        };
    }
}
