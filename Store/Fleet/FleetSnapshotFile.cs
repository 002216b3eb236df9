using System.Text.Json;
using ArtMqtt.Contracts.Fleet;
using ArtMqtt.Contracts.Requests;
using ArtMqtt.Contracts.Security;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ArtMqtt.Store.Fleet;

/// <summary>
/// The last known fleet on disk, replaced in one step and readable by its owner only, so that a node accepts devices
/// when it starts without the database.
/// </summary>
internal sealed partial class FleetSnapshotFile(IOptions<StoreOptions> options, ILogger<FleetSnapshotFile> logger)
{
    private const int Layout = 1;

    // A list that is null is as damaged as half a file.
    private static readonly JsonSerializerOptions _json = new()
    {
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
    };

    private readonly string? _path = options.Value.FleetSnapshotFile is { Length: > 0 } path ? Path.GetFullPath(path) : null;

    /// <summary>Whether a file is configured.</summary>
    public bool IsEnabled => _path is not null;

    /// <summary>The fleet that was kept, or null when there is none or it cannot be read.</summary>
    public async Task<KeptFleet?> ReadAsync(CancellationToken cancellationToken)
    {
        if (_path is null || !File.Exists(_path))
        {
            return null;
        }

        try
        {
            await using var file = File.OpenRead(_path);
            var kept = await JsonSerializer.DeserializeAsync<Kept>(file, _json, cancellationToken);
            if (kept is not { Layout: Layout })
            {
                LogIgnored(_path, "it has another layout");
                return null;
            }

            return new KeptFleet(ToState(kept), kept.Revoked ?? []);
        }
        catch (Exception e) when (e is IOException or JsonException or UnauthorizedAccessException)
        {
            LogIgnored(_path, e.Message);
            return null;
        }
    }

    /// <summary>Replaces the file; a failure is logged, the old file stays.</summary>
    public async Task WriteAsync(KeptFleet fleet, CancellationToken cancellationToken)
    {
        if (_path is null)
        {
            return;
        }

        var temporary = _path + ".new";
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(_path)!);
            File.Delete(temporary);
            await using (var file = new FileStream(temporary, new FileStreamOptions
            {
                Mode = FileMode.CreateNew,
                Access = FileAccess.Write,
                Options = FileOptions.Asynchronous,
                UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
            }))
            {
                await JsonSerializer.SerializeAsync(file, ToKept(fleet), _json, cancellationToken);
                file.Flush(flushToDisk: true);
            }

            File.Move(temporary, _path, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            LogNotWritten(e, _path);
        }
    }

    private static Kept ToKept(KeptFleet fleet) => new(
        Layout,
        [.. fleet.State.Devices.Select(KeptDevice.Of)],
        [.. fleet.State.Requests.Select(e => new KeptRequest(
            e.Request.RequestId, e.Request.Status, e.Request.DeviceId, e.Request.CustomerKey,
            e.Request.CustomerTokenHash.ToArray(), e.Version, e.CreatedAt, e.Request.AssignedAt, e.Request.Tenant))],
        fleet.Revoked);

    private static FleetState ToState(Kept kept)
    {
        var state = new FleetState();
        foreach (var d in kept.Devices)
        {
            state.Set(d.ToDevice());
        }

        foreach (var r in kept.Requests)
        {
            var request = new FleetRequest(
                r.RequestId, r.Status, r.DeviceId, r.CustomerKey, r.CustomerTokenHash, r.AssignedAt)
            {
                Tenant = r.Tenant,
            };
            state.Set(new FleetEntry(request, r.Version, r.CreatedAt));
        }

        return state;
    }

    [LoggerMessage(LogLevel.Warning, "The kept fleet in {Path} is not used: {Reason}")]
    private partial void LogIgnored(string path, string reason);

    [LoggerMessage(LogLevel.Warning, "The fleet could not be kept in {Path}")]
    private partial void LogNotWritten(Exception exception, string path);

    // What came later has a default, so that a file of an earlier version is read.
    private sealed record Kept(
        int Layout, KeptDevice[] Devices, KeptRequest[] Requests, IReadOnlyList<RevokedToken>? Revoked = null);

    private sealed record KeptDevice(
        int Key, string DeviceId, byte[] SecretHash, bool IsEnabled, byte[]? PreviousSecretHash = null,
        DateTimeOffset? PreviousSecretUntil = null, byte[]? CertificateHash = null, int Version = 0,
        string Tenant = "")
    {
        public static KeptDevice Of(FleetDevice d) => new(
            d.Key, d.DeviceId, d.SecretHash.ToArray(), d.IsEnabled, d.PreviousSecretHash.ToArray(),
            d.PreviousSecretUntil, d.CertificateHash.ToArray(), d.Version, d.Tenant);

        public FleetDevice ToDevice() => new(Key, DeviceId, SecretHash, IsEnabled)
        {
            PreviousSecretHash = PreviousSecretHash,
            PreviousSecretUntil = PreviousSecretUntil,
            CertificateHash = CertificateHash,
            Version = Version,
            Tenant = Tenant,
        };
    }

    private sealed record KeptRequest(
        Guid RequestId, RequestStatus Status, string? DeviceId, int CustomerKey, byte[] CustomerTokenHash,
        int Version, DateTimeOffset CreatedAt, DateTimeOffset? AssignedAt = null, string Tenant = "");
}
