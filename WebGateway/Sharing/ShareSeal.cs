using System.Globalization;
using System.Security.Cryptography;
using ArtMqtt.Contracts.Requests;
using ArtMqtt.Contracts.Security;
using ArtMqtt.Store.Sharing;

namespace ArtMqtt.WebGateway.Sharing;

/// <summary>
/// Signs shares, and checks: the signature covers number, request, role and phase, so a token opens exactly what it was made
/// for, whatever happens to the row.
/// </summary>
internal sealed class ShareSeal(CredentialHasher hasher)
{
    private const string Purpose = "artmqtt share link";

    /// <summary>The token of a share; always the same.</summary>
    public ShareToken TokenOf(ShareRecord share) => ShareToken.Of(share.ShareId, HashOf(share));

    /// <summary>Whether a presented token is that of the share; takes the same time either way.</summary>
    public bool Matches(ShareToken presented, ShareRecord share)
    {
        var right = TokenOf(share);
        return CryptographicOperations.FixedTimeEquals(Bytes(presented.Signature), Bytes(right.Signature));
    }

    private byte[] HashOf(ShareRecord share) => hasher.Derive(Purpose, string.Create(
        CultureInfo.InvariantCulture,
        $"{share.ShareId}\n{share.RequestId:N}\n{share.Role}\n{share.Phase.From.ToWire()}\n{share.Phase.To.ToWire()}"));

    private static byte[] Bytes(UInt128 signature)
    {
        var bytes = new byte[16];
        System.Buffers.Binary.BinaryPrimitives.WriteUInt128BigEndian(bytes, signature);
        return bytes;
    }
}
