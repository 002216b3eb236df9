namespace ArtMqtt.EndToEnd.Tests.Recordings;

/// <summary>A track in a file, read here by other code than the product's.</summary>
/// <param name="Option">The option of <c>DeviceAgent replay</c> that takes it.</param>
/// <param name="Path">The file.</param>
/// <param name="Fixes">What is in it, in order, each time once.</param>
internal sealed record Recording(string Option, string Path, IReadOnlyList<Fix> Fixes)
{
    /// <summary>
    /// From times and places in file order. Of several fixes with one time the first counts, as for the store; what
    /// lies before the fix in front of it stays where its time belongs.
    /// </summary>
    public static Recording Of(
        string option, string path, IEnumerable<(DateTimeOffset Time, double Latitude, double Longitude)> fixes)
    {
        var all = fixes.ToList();
        var start = all[0].Time;
        return new Recording(option, path, [.. all
            .DistinctBy(fix => fix.Time)
            .OrderBy(fix => fix.Time)
            .Select(fix => new Fix((long)(fix.Time - start).TotalMilliseconds, fix.Latitude, fix.Longitude))]);
    }
}
