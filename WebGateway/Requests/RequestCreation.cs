using System.Security.Cryptography;
using System.Text.Json;
using ArtMqtt.Contracts.Security;
using ArtMqtt.Store.Requests;

namespace ArtMqtt.WebGateway.Requests;

/// <summary>
/// Makes requests. With an idempotency key the id and the customer's token are derived from it, so that the same call
/// sent again, on any node, finds the request it made and can show the same token, which is stored nowhere.
/// </summary>
internal sealed class RequestCreation(RequestChanges changes, RequestRepository requests, CredentialHasher hasher)
{
    private const string IdPurpose = "artmqtt idempotent request id";
    private const string TokenPurpose = "artmqtt idempotent customer token";

    /// <summary>Makes the request, or finds the one that this key made.</summary>
    /// <param name="body">What is wanted, checked.</param>
    /// <param name="tenant">The firm whose it is; empty for none. Keys of two firms have nothing to do with each other.</param>
    /// <param name="by">On whose word.</param>
    /// <param name="idempotencyKey">The caller's name for this call, or null.</param>
    /// <param name="cancellationToken">Gives up; it may be made all the same.</param>
    /// <returns>Null when the key made a request from another body.</returns>
    public async Task<RequestCreated?> CreateAsync(
        CreateRequestBody body, string tenant, string by, string? idempotencyKey, CancellationToken cancellationToken)
    {
        // A header has no line breaks, so this is no other firm's key.
        var key = idempotencyKey is null || tenant.Length == 0 ? idempotencyKey : $"{tenant}\n{idempotencyKey}";
        var hash = SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(body));
        var requestId = key is null ? Guid.CreateVersion7() : DeriveId(key);
        var token = key is null
            ? AccessToken.NewCustomer(requestId)
            : new AccessToken(requestId, CredentialHasher.ToSecret(hasher.Derive(TokenPurpose, key)));
        var created = await changes.CreateAsync(
            new NewRequest(
                requestId, body.Pickup.Lat, body.Pickup.Lng, body.CustomerName, body.Note, hasher.Hash(token.Secret),
                by, key is null ? default(ReadOnlyMemory<byte>?) : hash)
            {
                Tenant = tenant,
            },
            cancellationToken);
        if (created is not null)
        {
            return new RequestCreated(created, token, IsReplayed: false);
        }

        var before = await requests.FindCreationHashAsync(requestId, cancellationToken);
        return before is not null && before.AsSpan().SequenceEqual(hash)
            && await requests.FindAsync(requestId, cancellationToken) is { } request
                ? new RequestCreated(request, token, IsReplayed: true)
                : null;
    }

    // RFC 9562, version 8: our own bits, with version and variant.
    private Guid DeriveId(string key)
    {
        var bytes = hasher.Derive(IdPurpose, key).AsSpan(0, 16);
        bytes[6] = (byte)((bytes[6] & 0x0F) | 0x80);
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
        return new Guid(bytes, bigEndian: true);
    }
}

/// <summary>A request with the token of its customer.</summary>
internal sealed record RequestCreated(RequestRecord Request, AccessToken Token, bool IsReplayed);
