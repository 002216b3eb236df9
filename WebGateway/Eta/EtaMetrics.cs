using System.Diagnostics.Metrics;
using ArtMqtt.WebGateway.Live;

namespace ArtMqtt.WebGateway.Eta;

/// <summary>What is estimated and told, on the meter <c>ArtMqtt.WebGateway</c>.</summary>
internal sealed class EtaMetrics
{
    private readonly Counter<long> _estimates;
    private readonly Counter<long> _told;
    private readonly Counter<long> _failures;
    private readonly Histogram<double> _duration;

    public EtaMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(GatewayMetrics.MeterName);
        _estimates = meter.CreateCounter<long>("artmqtt.gateway.eta.estimates", "{estimate}", "Arrivals that were estimated");
        _told = meter.CreateCounter<long>("artmqtt.gateway.eta.told", "{event}", "Estimates that watchers were told");
        _failures = meter.CreateCounter<long>(
            "artmqtt.gateway.eta.failures", "{estimate}", "Estimates that were not made, or not by whom they were wanted of");
        _duration = meter.CreateHistogram<double>("artmqtt.gateway.eta.duration", "s", "Time to estimate one arrival");
    }

    public void Estimated(string source, TimeSpan duration)
    {
        _estimates.Add(1, new KeyValuePair<string, object?>("source", source));
        _duration.Record(duration.TotalSeconds);
    }

    public void Told() => _told.Add(1);

    /// <summary>Something went without: <c>busy</c>, <c>full</c>, <c>database</c>, <c>server</c>, <c>paused</c>,
    /// <c>milestone</c>, <c>error</c>.</summary>
    public void Failed(string reason) => _failures.Add(1, new KeyValuePair<string, object?>("reason", reason));
}
