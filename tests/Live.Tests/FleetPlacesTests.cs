using ArtMqtt.Contracts.Positions;
using ArtMqtt.Live.Fleet;

namespace ArtMqtt.Live.Tests;

public sealed class FleetPlacesTests
{
    private readonly FleetPlaces _places = new();

    [Fact]
    public void An_older_position_never_takes_the_place_of_a_newer_one()
    {
        Assert.True(_places.Offer(1, At(2)));
        Assert.False(_places.Offer(1, At(1)));
        Assert.False(_places.Offer(1, At(2)));
        Assert.True(_places.Offer(1, At(3)));

        Assert.Equal(new VehiclePlace(1, At(3), 2), Assert.Single(_places.Since(0)));
    }

    [Fact]
    public void Only_what_changed_after_a_version_is_told()
    {
        _places.Offer(1, At(1));
        _places.Offer(2, At(1));
        var version = _places.Version;
        Assert.Empty(_places.Since(version));

        _places.Offer(2, At(2));
        Assert.Equal(2, Assert.Single(_places.Since(version)).DeviceKey);
        _places.Touch(1);
        _places.Touch(7);
        Assert.Equal([1, 2], _places.Since(version).Select(place => place.DeviceKey).Order());
        _places.Remove(1);
        Assert.Equal([2], _places.Since(0).Select(place => place.DeviceKey));
        Assert.Equal(1, _places.Count);
    }

    [Fact]
    public async Task Who_follows_the_versions_misses_no_change_however_many_write()
    {
        const int Devices = 50;
        const int Fixes = 20_000;
        const int Writers = 4;
        var known = new Dictionary<int, Position>();
        var told = 0L;
        void Follow()
        {
            var version = _places.Version;
            foreach (var place in _places.Since(told))
            {
                Assert.True(!known.TryGetValue(place.DeviceKey, out var before) || before.FixTime <= place.Position.FixTime);
                known[place.DeviceKey] = place.Position;
            }

            told = version;
        }

        var writers = Enumerable.Range(0, Writers).Select(writer => Task.Run(() =>
        {
            for (var i = 0; i < Fixes; i++)
            {
                _places.Offer(i % Devices, At((i / Devices * Writers) + writer));
            }
        })).ToArray();
        while (!writers.All(writer => writer.IsCompleted))
        {
            Follow();
        }

        await Task.WhenAll(writers);
        Follow();
        Assert.Equal(Devices, known.Count);
        Assert.All(known, pair => Assert.Equal(At((Fixes / Devices * Writers) - 1), pair.Value));
    }

    private static Position At(int second) => new(50, 8, DateTimeOffset.UnixEpoch.AddSeconds(second));
}
