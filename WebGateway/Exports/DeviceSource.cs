using System.Runtime.CompilerServices;
using ArtMqtt.Store.Devices;
using ArtMqtt.Store.Routes;
using ArtMqtt.WebGateway.Routes;

namespace ArtMqtt.WebGateway.Exports;

/// <summary>Routes of devices in a period, one device after the other.</summary>
/// <param name="title">What people call it.</param>
/// <param name="fileName">What the file is called, without the period.</param>
/// <param name="devices">The devices; read once to count, once to export.</param>
/// <param name="period">A closed one.</param>
/// <param name="routes">Reads them.</param>
internal sealed class DeviceSource(
    string title, string fileName, IAsyncEnumerable<DeviceRecord> devices, PeriodQuery period, RouteReader routes)
    : IExportSource
{
    public string Title => title;

    public string FileName => fileName + ExportTime.InFileName(period);

    public async Task<int> CountAsync(int limit, CancellationToken cancellationToken)
    {
        var count = 0;
        await foreach (var device in devices.WithCancellation(cancellationToken))
        {
            count += await routes.CountDeviceAsync(device.DeviceId, Part(limit - count), cancellationToken);
            if (count >= limit)
            {
                break;
            }
        }

        return count;
    }

    public async IAsyncEnumerable<ExportedPosition> ReadAsync(
        int limit, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var count = 0;
        await foreach (var device in devices.WithCancellation(cancellationToken))
        {
            var route = routes.ReadDeviceAsync(device.DeviceId, Part(limit - count), cancellationToken);
            await foreach (var point in route.WithCancellation(cancellationToken))
            {
                count++;
                yield return new ExportedPosition(device.DeviceId, device.Name ?? device.DeviceId, point);
            }

            if (count >= limit)
            {
                break;
            }
        }
    }

    private RouteSelection Part(int limit) => new(period.From, period.To, limit);
}
