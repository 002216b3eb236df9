using ArtMqtt.Contracts.Security;
using Npgsql;
using NpgsqlTypes;

namespace ArtMqtt.Store;

/// <summary>The parameter of <c>$n::text IS NULL OR tenant = $n</c>, which every list of devices or requests has.</summary>
internal static class TenantParameter
{
    /// <summary>Adds it as the next one.</summary>
    public static void AddTenant(this NpgsqlCommand command, TenantScope scope) => command.Parameters.Add(
        new NpgsqlParameter { NpgsqlDbType = NpgsqlDbType.Text, Value = (object?)scope.Tenant ?? DBNull.Value });
}
