using System.Runtime.CompilerServices;
using ArtMqtt.Store.Routes;

namespace ArtMqtt.WebGateway.Routes;

/// <summary>What is computed from a route while it is read.</summary>
internal static class RouteParts
{
    /// <summary>Trips and stops, oldest first, each as soon as it is over.</summary>
    public static async IAsyncEnumerable<RoutePart> CutAsync(
        this IAsyncEnumerable<RoutePoint> route, TripOptions options,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var detector = new TripDetector(options);
        await foreach (var point in route.WithCancellation(cancellationToken))
        {
            detector.Add(point.Position);
            while (detector.TryRead(out var part))
            {
                yield return part;
            }
        }

        detector.Finish();
        while (detector.TryRead(out var part))
        {
            yield return part;
        }
    }

    public static async Task<RouteSummary> SumAsync(
        this IAsyncEnumerable<RoutePoint> route, TimeSpan? maxGap, CancellationToken cancellationToken)
    {
        var summary = new RouteSummary(maxGap);
        await foreach (var point in route.WithCancellation(cancellationToken))
        {
            summary.Add(point.Position);
        }

        return summary;
    }

    /// <summary>
    /// The same items, the first of them fetched: when the database fails here, the answer can still be an error.
    /// </summary>
    public static async Task<IAsyncEnumerable<T>> StartAsync<T>(
        this IAsyncEnumerable<T> items, CancellationToken cancellationToken)
    {
        var rows = items.GetAsyncEnumerator(cancellationToken);
        try
        {
            return ContinueAsync(rows, await rows.MoveNextAsync());
        }
        catch
        {
            await rows.DisposeAsync();
            throw;
        }
    }

    private static async IAsyncEnumerable<T> ContinueAsync<T>(IAsyncEnumerator<T> rows, bool hasRow)
    {
        await using (rows)
        {
            for (; hasRow; hasRow = await rows.MoveNextAsync())
            {
                yield return rows.Current;
            }
        }
    }
}
