using System.Diagnostics.Metrics;
using ArtMqtt.WebGateway.Live;

namespace ArtMqtt.WebGateway.Sharing;

/// <summary>What happens with shared links, in the gateway's meter.</summary>
internal sealed class SharingMetrics
{
    private readonly UpDownCounter<long> _open;
    private readonly Counter<long> _opened;
    private readonly Counter<long> _closed;
    private readonly Counter<long> _lost;

    public SharingMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(GatewayMetrics.MeterName);
        _open = meter.CreateUpDownCounter<long>(
            "artmqtt.gateway.shares.open", "{connection}", "Connections, streams and waiting polls with a shared link");
        _opened = meter.CreateCounter<long>("artmqtt.gateway.shares.opened", "{opening}", "Shared links that were opened");
        _closed = meter.CreateCounter<long>(
            "artmqtt.gateway.shares.closed", "{connection}", "Closed because the share ended; tag 'reason'");
        _lost = meter.CreateCounter<long>(
            "artmqtt.gateway.shares.audit.lost", "{opening}", "Openings that were not written down: too many waited");
    }

    public void OpenChanged(int by) => _open.Add(by);

    public void Opened() => _opened.Add(1);

    public void Closed(ShareEnd end) => _closed.Add(1, new KeyValuePair<string, object?>("reason", end.Code()));

    public void OpenLost() => _lost.Add(1);
}
