using ArtMqtt.Contracts.Requests;
using Npgsql;

namespace ArtMqtt.Store.Sharing;

/// <summary>Reads rows of <c>shares</c>.</summary>
internal static class ShareRow
{
    /// <summary>The columns, in the order of <see cref="Read"/>.</summary>
    public const string Columns =
        "share_id, request_id, role, from_status, to_status, label, created_at, created_by, expires_at, revoked_at, opens, "
        + "last_opened_at";

    /// <summary>The row the reader stands on.</summary>
    public static ShareRecord Read(NpgsqlDataReader reader) => new(
        (uint)reader.GetInt64(0), reader.GetGuid(1), RoleOf(reader.GetString(2)),
        new SharePhase(StatusOf(reader.GetString(3)), StatusOf(reader.GetString(4))),
        reader.IsDBNull(5) ? null : reader.GetString(5), reader.GetFieldValue<DateTimeOffset>(6), reader.GetString(7),
        reader.GetFieldValue<DateTimeOffset>(8), Time(reader, 9), reader.GetInt64(10), Time(reader, 11));

    /// <summary>The name of a role in the store and on the wire.</summary>
    public static string NameOf(ShareRole role) => role == ShareRole.Customer ? "customer" : "viewer";

    private static ShareRole RoleOf(string text) => text switch
    {
        "viewer" => ShareRole.Viewer,
        "customer" => ShareRole.Customer,
        _ => throw new InvalidDataException($"The database holds a role of shares this version does not know: '{text}'."),
    };

    private static RequestStatus StatusOf(string text) => RequestTransitions.TryParse(text, out var status)
        ? status
        : throw new InvalidDataException($"The database holds a request status this version does not know: '{text}'.");

    private static DateTimeOffset? Time(NpgsqlDataReader reader, int column) =>
        reader.IsDBNull(column) ? null : reader.GetFieldValue<DateTimeOffset>(column);
}
