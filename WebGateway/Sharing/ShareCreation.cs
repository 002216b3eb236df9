using System.Security.Cryptography;
using System.Text.Json;
using ArtMqtt.Contracts.Requests;
using ArtMqtt.Contracts.Security;
using ArtMqtt.Store.Sharing;
using ArtMqtt.WebGateway.Errors;
using Microsoft.Extensions.Options;

namespace ArtMqtt.WebGateway.Sharing;

/// <summary>
/// Makes shares. The same call sent again with its idempotency key, on any node, finds the share it made and shows the same
/// token, which is stored nowhere.
/// </summary>
internal sealed class ShareCreation(
    ShareRepository shares, CredentialHasher hasher, IOptions<SharingOptions> options, TimeProvider time)
{
    private const string KeyPurpose = "artmqtt idempotent share";
    private const int MaxLabelLength = 100;

    /// <summary>What is wrong with a call.</summary>
    public FieldErrors Validate(CreateShareBody body) => new FieldErrors()
        .Require(body.Role is null or "viewer" or "customer", "role", "'role' must be viewer or customer.")
        .RequireText(body.Label, "label", MaxLabelLength)
        .Require(
            PhaseOf(body) is { } phase && phase.From <= phase.To, "phases",
            "'phases' must go from one to the same or a later of pending, assigned, en_route, arrived, in_progress.")
        .Require(
            body.ExpiresAt is not { } at || (at > time.GetUtcNow() && at <= time.GetUtcNow() + options.Value.MaxLife),
            "expiresAt", $"'expiresAt' must be in the future, at most {options.Value.MaxLife} from now.");

    /// <summary>Makes the share.</summary>
    /// <param name="requestId">The request it opens.</param>
    /// <param name="body">What is wanted, valid.</param>
    /// <param name="by">Who wants it.</param>
    /// <param name="tenant">The firm it belongs to.</param>
    /// <param name="idempotencyKey">The caller's name for this call, or null.</param>
    /// <param name="cancellationToken">Gives up; it may be made all the same.</param>
    public Task<ShareCreated> CreateAsync(
        Guid requestId, CreateShareBody body, string by, string tenant, string? idempotencyKey,
        CancellationToken cancellationToken) =>
        shares.CreateAsync(
            new NewShare(
                requestId, tenant, RoleOf(body), PhaseOf(body)!.Value, body.Label, by,
                body.ExpiresAt ?? time.GetUtcNow() + options.Value.MaxLife,
                idempotencyKey is null ? null : hasher.Derive(KeyPurpose, $"{requestId:N}\n{by}\n{idempotencyKey}"),
                idempotencyKey is null ? null : SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(body))),
            options.Value.MaxPerRequest, cancellationToken);

    public static ShareRole RoleOf(CreateShareBody body) =>
        body.Role == "customer" ? ShareRole.Customer : ShareRole.Viewer;

    private static SharePhase? PhaseOf(CreateShareBody body) =>
        TryParse(body.Phases?.From, RequestStatus.Assigned, out var from)
        && TryParse(body.Phases?.To, RequestStatus.InProgress, out var to)
            ? new SharePhase(from, to)
            : null;

    private static bool TryParse(string? text, RequestStatus otherwise, out RequestStatus status)
    {
        status = otherwise;
        return text is null || (RequestTransitions.TryParse(text, out status) && !status.IsFinal());
    }
}
