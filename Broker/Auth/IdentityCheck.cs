using ArtMqtt.Contracts.Fleet;
using ArtMqtt.Contracts.Requests;
using ArtMqtt.Identity;

namespace ArtMqtt.Broker.Auth;

/// <summary>Says whether who signed in a while ago would still get in. No I/O and no hashing.</summary>
internal sealed class IdentityCheck(IFleetDirectory directory, TokenValidator tokens, TimeProvider time)
{
    /// <summary>Where the identity stands now.</summary>
    public IdentityStanding Check(ClientIdentity identity)
    {
        if (identity.ExpiresAt is { } end && time.GetUtcNow() >= end)
        {
            return IdentityStanding.Expired;
        }

        if (identity.Credential.Kind == CredentialKind.Token
            && (!tokens.Knows(identity.Credential.Fingerprint.Span) || tokens.IsRevoked(identity.Credential.TokenId)))
        {
            return IdentityStanding.Revoked;
        }

        return identity.Kind switch
        {
            ClientKind.Device => CheckDevice(identity),
            ClientKind.Customer => CheckCustomer(identity),
            _ => IdentityStanding.Valid,
        };
    }

    private IdentityStanding CheckDevice(ClientIdentity identity)
    {
        if (directory.FindDevice(identity.DeviceId!) is not { IsEnabled: true } device)
        {
            return IdentityStanding.Revoked;
        }

        var credential = identity.Credential;
        return credential.Kind switch
        {
            CredentialKind.Secret when credential.Is(device.SecretHash.Span) => IdentityStanding.Valid,
            CredentialKind.Secret when !credential.Is(device.PreviousSecretHash.Span) => IdentityStanding.Revoked,
            CredentialKind.Secret => device.AcceptsPreviousSecret(time.GetUtcNow())
                ? IdentityStanding.Valid
                : IdentityStanding.Expired,
            CredentialKind.Certificate => device.CertificateHash.IsEmpty || credential.Is(device.CertificateHash.Span)
                ? IdentityStanding.Valid
                : IdentityStanding.Revoked,
            _ => IdentityStanding.Valid,
        };
    }

    private IdentityStanding CheckCustomer(ClientIdentity identity) =>
        directory.FindRequest(identity.RequestId!.Value) is { } request && !request.Status.IsFinal()
            && (identity.Credential.Kind != CredentialKind.Link || identity.Credential.Is(request.CustomerTokenHash.Span))
                ? IdentityStanding.Valid
                : IdentityStanding.Revoked;
}
