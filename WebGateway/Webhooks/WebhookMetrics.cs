using System.Diagnostics.Metrics;
using ArtMqtt.WebGateway.Live;

namespace ArtMqtt.WebGateway.Webhooks;

/// <summary>What is sent to webhooks, in the meter <c>ArtMqtt.WebGateway</c>.</summary>
internal sealed class WebhookMetrics
{
    private readonly Counter<long> _attempts;
    private readonly Counter<long> _deadLetters;
    private readonly Counter<long> _disabled;
    private readonly Histogram<double> _duration;

    public WebhookMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(GatewayMetrics.MeterName);
        _attempts = meter.CreateCounter<long>(
            "artmqtt.gateway.webhooks.attempts", "{attempt}", "Calls of webhooks, by event type and whether they were taken");
        _deadLetters = meter.CreateCounter<long>(
            "artmqtt.gateway.webhooks.dead_letters", "{event}", "Events that were given up");
        _disabled = meter.CreateCounter<long>(
            "artmqtt.gateway.webhooks.disabled", "{endpoint}", "Endpoints that were disabled by themselves");
        _duration = meter.CreateHistogram<double>(
            "artmqtt.gateway.webhooks.duration", "s", "From a call to its answer");
    }

    public void Attempted(string eventType, bool isDelivered, TimeSpan duration)
    {
        _attempts.Add(
            1, new KeyValuePair<string, object?>("event", eventType),
            new KeyValuePair<string, object?>("delivered", isDelivered));
        _duration.Record(duration.TotalSeconds);
    }

    public void GivenUp(int count) => _deadLetters.Add(count);

    public void Disabled() => _disabled.Add(1);
}
