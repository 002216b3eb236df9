namespace ArtMqtt.Store.Bench;

/// <summary>About what it is asked this time.</summary>
/// <param name="DeviceId">A device.</param>
/// <param name="At">A full hour with at least a day behind it.</param>
/// <param name="Latitude">Degrees north of a place where devices come by.</param>
/// <param name="Longitude">Degrees east of it.</param>
internal readonly record struct Pick(string DeviceId, DateTimeOffset At, double Latitude, double Longitude)
{
    public static Pick Next(Random random, int devices, DateTimeOffset end) => new(
        $"van-{random.Next(1, devices + 1):D6}",
        Past.Begin.AddHours(random.Next(0, (int)(end - Past.Begin).TotalHours - 24)),
        47.2 + (random.NextDouble() * 1.6), 9.8 + (random.NextDouble() * 2.4));
}
