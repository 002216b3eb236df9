using ArtMqtt.Store.Changes;

namespace ArtMqtt.WebGateway.Changes;

/// <summary>
/// Who wants to know of a change, found by the values of its row: those who asked for other rows cost nothing. Not safe
/// for several threads.
/// </summary>
internal sealed class SubscriptionIndex
{
    private readonly Dictionary<PublishedTable, TableIndex> _tables =
        PublishedTable.All.ToDictionary(table => table, table => new TableIndex(table.Columns.Count));

    public void Add(Subscription subscription) => _tables[subscription.Table].Add(subscription);

    public void Remove(Subscription subscription) => _tables[subscription.Table].Remove(subscription);

    /// <summary>Adds those that match to the list.</summary>
    /// <returns>How many had to be looked at.</returns>
    public int Find(RowChange change, List<Subscription> found) => _tables[change.Table].Find(change, found);

    private sealed class TableIndex(int columns)
    {
        private readonly Dictionary<string, HashSet<Subscription>>[] _byValue =
            [.. Enumerable.Range(0, columns).Select(_ => new Dictionary<string, HashSet<Subscription>>())];

        private readonly HashSet<Subscription> _others = [];

        public void Add(Subscription subscription)
        {
            if (subscription.Filter?.Required is not { } required)
            {
                _others.Add(subscription);
                return;
            }

            foreach (var value in required.Values)
            {
                if (!_byValue[required.Column].TryGetValue(value, out var there))
                {
                    _byValue[required.Column].Add(value, there = []);
                }

                there.Add(subscription);
            }
        }

        public void Remove(Subscription subscription)
        {
            if (subscription.Filter?.Required is not { } required)
            {
                _others.Remove(subscription);
                return;
            }

            foreach (var value in required.Values)
            {
                if (_byValue[required.Column].TryGetValue(value, out var there) && there.Remove(subscription)
                    && there.Count == 0)
                {
                    _byValue[required.Column].Remove(value);
                }
            }
        }

        public int Find(RowChange change, List<Subscription> found)
        {
            var looked = Collect(_others, change, found);
            for (var column = 0; column < _byValue.Length; column++)
            {
                if (_byValue[column].Count > 0 && change.Row[column] is { } value
                    && _byValue[column].TryGetValue(value, out var there))
                {
                    looked += Collect(there, change, found);
                }
            }

            return looked;
        }

        private static int Collect(HashSet<Subscription> candidates, RowChange change, List<Subscription> found)
        {
            found.AddRange(candidates.Where(candidate => candidate.Matches(change)));
            return candidates.Count;
        }
    }
}
