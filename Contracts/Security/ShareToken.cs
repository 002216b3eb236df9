using System.Buffers.Binary;

namespace ArtMqtt.Contracts.Security;

/// <summary>
/// The token of a link that somebody handed out: <c>s.</c> and 19 letters and digits, which are the number of the share
/// (32 bits) and a signature (80 bits). Nothing of it is stored. docs/adr/0015-share-links.md says why it is like this.
/// </summary>
/// <param name="ShareId">Which share.</param>
/// <param name="Signature">80 bits that only holders of the key can make for that share.</param>
public readonly record struct ShareToken(uint ShareId, UInt128 Signature)
{
    /// <summary>Bytes of a signature.</summary>
    public const int SignatureBytes = 10;

    private const string Prefix = "s.";
    private const string Digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private const int CodeLength = 19;
    private const int SignatureBits = 8 * SignatureBytes;

    /// <summary>A token of the first bytes of a keyed hash.</summary>
    public static ShareToken Of(uint shareId, ReadOnlySpan<byte> hash) => new(
        shareId, BinaryPrimitives.ReadUInt128BigEndian(hash) >> (128 - SignatureBits));

    /// <summary>What stands in the link: the token without its prefix, which the link's path says already.</summary>
    public string Code => string.Create(CodeLength, ((UInt128)ShareId << SignatureBits) | Signature, static (code, rest) =>
    {
        for (var i = code.Length - 1; i >= 0; i--)
        {
            (rest, var digit) = UInt128.DivRem(rest, (UInt128)Digits.Length);
            code[i] = Digits[(int)digit];
        }
    });

    /// <summary>The form that is handed out.</summary>
    public override string ToString() => Prefix + Code;

    /// <summary>Reads <see cref="ToString"/>'s form; says nothing about whether the signature is right.</summary>
    public static bool TryParse(string? text, out ShareToken token)
    {
        token = default;
        if (text?.Length != Prefix.Length + CodeLength || !text.StartsWith(Prefix, StringComparison.Ordinal))
        {
            return false;
        }

        // 62^19 is below 2^114: it cannot overflow.
        var value = UInt128.Zero;
        foreach (var letter in text.AsSpan(Prefix.Length))
        {
            var digit = Digits.IndexOf(letter, StringComparison.Ordinal);
            if (digit < 0)
            {
                return false;
            }

            value = (value * (UInt128)Digits.Length) + (UInt128)digit;
        }

        var shareId = value >> SignatureBits;
        if (shareId > uint.MaxValue)
        {
            return false;
        }

        token = new ShareToken((uint)shareId, value & ((UInt128.One << SignatureBits) - 1));
        return true;
    }
}
