namespace ArtMqtt.DeviceAgent.Simulation;

/// <summary>Finds ways through a network.</summary>
internal static class RouteFinder
{
    private const double TurnCost = 4;

    /// <summary>The quickest way between two crossings (Dijkstra); null when they are the same.</summary>
    public static StreetRoute? Find(StreetNetwork network, Crossing from, Crossing to)
    {
        var reachedBy = new StreetPiece?[network.Crossings.Count];
        var seconds = new double[network.Crossings.Count];
        Array.Fill(seconds, double.PositiveInfinity);
        seconds[from.Id] = 0;
        var open = new PriorityQueue<Crossing, double>();
        open.Enqueue(from, 0);
        while (open.TryDequeue(out var here, out var cost) && here.Id != to.Id)
        {
            if (cost > seconds[here.Id])
            {
                continue;
            }

            foreach (var piece in network.PiecesAt(here))
            {
                var other = piece.Other(here);
                var total = cost + (piece.Length / piece.Limit) + TurnCost;
                if (total < seconds[other.Id])
                {
                    seconds[other.Id] = total;
                    reachedBy[other.Id] = piece;
                    open.Enqueue(other, total);
                }
            }
        }

        return reachedBy[to.Id] is null ? null : new StreetRoute(from, Trace(reachedBy, from, to));
    }

    /// <summary>
    /// A way to somewhere that is as long as wanted, if the city has one that long from here; else the longest of
    /// those tried.
    /// </summary>
    public static StreetRoute FindOfLength(
        StreetNetwork network, Crossing from, double least, double most, Random random)
    {
        StreetRoute? longest = null;
        for (var tries = 0; tries < 64 || longest is null; tries++)
        {
            var to = network.Crossings[random.Next(network.Crossings.Count)];
            if (Find(network, from, to) is not { } route || route.Length > most)
            {
                continue;
            }

            if (route.Length >= least)
            {
                return route;
            }

            longest = longest is null || route.Length > longest.Length ? route : longest;
        }

        return longest;
    }

    private static List<StreetPiece> Trace(StreetPiece?[] reachedBy, Crossing from, Crossing to)
    {
        var pieces = new List<StreetPiece>();
        for (var here = to; here.Id != from.Id;)
        {
            var piece = reachedBy[here.Id]!;
            pieces.Add(piece);
            here = piece.Other(here);
        }

        pieces.Reverse();
        return pieces;
    }
}
