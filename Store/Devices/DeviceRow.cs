using ArtMqtt.Contracts.Fleet;
using Npgsql;

namespace ArtMqtt.Store.Devices;

/// <summary>A row of <c>devices</c> with the columns only nodes see.</summary>
internal sealed record DeviceRow(
    DeviceRecord Record, byte[] SecretHash, byte[]? PreviousSecretHash, byte[]? CertificateHash, int Version)
{
    /// <summary>The columns <see cref="Read"/> expects first.</summary>
    public const string Columns = """
        device_key, device_id, name, is_enabled, created_at, secret_hash, previous_secret_hash, previous_secret_until,
        secret_changed_at, certificate_hash, version, tenant
        """;

    /// <summary>The row the reader stands on.</summary>
    public static DeviceRow Read(NpgsqlDataReader reader) => new(
        new DeviceRecord(
            reader.GetInt32(0), reader.GetString(1), reader.IsDBNull(2) ? null : reader.GetString(2),
            reader.GetBoolean(3), reader.GetFieldValue<DateTimeOffset>(4))
        {
            SecretChangedAt = reader.GetFieldValue<DateTimeOffset>(8),
            PreviousSecretUntil = reader.IsDBNull(7) ? null : reader.GetFieldValue<DateTimeOffset>(7),
            Tenant = reader.GetString(11),
            CertificateSha256 = Bytes(reader, 9) is { } hash ? Convert.ToHexStringLower(hash) : null,
        },
        reader.GetFieldValue<byte[]>(5), Bytes(reader, 6), Bytes(reader, 9), reader.GetInt32(10));

    /// <summary>The same for the broker.</summary>
    public FleetDevice ToDevice() => new(Record.Key, Record.DeviceId, SecretHash, Record.IsEnabled)
    {
        PreviousSecretHash = PreviousSecretHash,
        PreviousSecretUntil = Record.PreviousSecretUntil,
        CertificateHash = CertificateHash,
        Version = Version,
        Tenant = Record.Tenant,
    };

    private static byte[]? Bytes(NpgsqlDataReader reader, int column) =>
        reader.IsDBNull(column) ? null : reader.GetFieldValue<byte[]>(column);
}
