using System.Runtime.CompilerServices;
using ArtMqtt.Contracts.Positions;
using ArtMqtt.Store.Devices;
using ArtMqtt.Store.Routes;
using ArtMqtt.WebGateway.Routes;

namespace ArtMqtt.WebGateway.Exports;

/// <summary>What was published for a request in one role; by several devices when it changed hands.</summary>
internal sealed class RequestSource(
    Guid requestId, PositionRole role, PeriodQuery period, RouteReader routes, DeviceRepository devices) : IExportSource
{
    public string Title => $"Request {requestId}";

    public string FileName => $"request-{requestId}{ExportTime.InFileName(period)}";

    public Task<int> CountAsync(int limit, CancellationToken cancellationToken) =>
        routes.CountRequestAsync(requestId, role, Part(limit), cancellationToken);

    public async IAsyncEnumerable<ExportedPosition> ReadAsync(
        int limit, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var ids = new Dictionary<int, string?>();
        var route = routes.ReadRequestAsync(requestId, role, Part(limit), cancellationToken);
        await foreach (var point in route.WithCancellation(cancellationToken))
        {
            if (!ids.TryGetValue(point.DeviceKey, out var deviceId))
            {
                // Null for a customer, whose positions have a key but no device.
                deviceId = await devices.FindIdAsync(point.DeviceKey, cancellationToken);
                ids.Add(point.DeviceKey, deviceId);
            }

            yield return new ExportedPosition(deviceId, deviceId ?? "customer", point);
        }
    }

    private RouteSelection Part(int limit) => new(period.From, period.To, limit);
}
