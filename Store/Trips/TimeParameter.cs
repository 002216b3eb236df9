using Npgsql;

namespace ArtMqtt.Store.Trips;

/// <summary>Times as parameters.</summary>
internal static class TimeParameter
{
    public static void AddTime(this NpgsqlParameterCollection parameters, DateTimeOffset time) =>
        parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = time.UtcDateTime });
}
