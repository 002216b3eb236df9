using System.Security.Cryptography;
using System.Text.Json;
using ArtMqtt.Contracts.Security;
using ArtMqtt.Store.Requests;
using ArtMqtt.WebGateway.Security;

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
    /// <param name="idempotencyKey">The caller's name for this call, or null.</param>
    /// <param name="cancellationToken">Gives up; it may be made all the same.</param>
    /// <returns>Null when the key made a request from another body.</returns>
    public async Task<RequestCreated?> CreateAsync(
        CreateRequestBody body, string? idempotencyKey, CancellationToken cancellationToken)
    {
        var hash = SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(body));
        var requestId = idempotencyKey is null ? Guid.CreateVersion7() : DeriveId(idempotencyKey);
        var token = idempotencyKey is null
            ? AccessToken.NewCustomer(requestId)
            : new AccessToken(requestId, CredentialHasher.ToSecret(hasher.Derive(TokenPurpose, idempotencyKey)));
        var created = await changes.CreateAsync(
            new NewRequest(
                requestId, body.Pickup.Lat, body.Pickup.Lng, body.CustomerName, body.Note, hasher.Hash(token.Secret),
                Caller.Dispatcher, idempotencyKey is null ? default(ReadOnlyMemory<byte>?) : hash),
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
    private Guid DeriveId(string idempotencyKey)
    {
        var bytes = hasher.Derive(IdPurpose, idempotencyKey).AsSpan(0, 16);
        bytes[6] = (byte)((bytes[6] & 0x0F) | 0x80);
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
        return new Guid(bytes, bigEndian: true);
    }
}

/// <summary>A request with the token of its customer.</summary>
internal sealed record RequestCreated(RequestRecord Request, AccessToken Token, bool IsReplayed);
