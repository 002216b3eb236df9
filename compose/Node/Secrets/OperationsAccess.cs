using System.Text;
using ArtMqtt.Contracts.Security;

namespace ArtMqtt.Node.Secrets;

/// <summary>Who may read metrics and the details of health: the holder of the operations token.</summary>
/// <param name="hasher">Compares in constant time.</param>
/// <param name="hash">Hash of the token.</param>
internal sealed class OperationsAccess(CredentialHasher hasher, byte[] hash)
{
    private const string Scheme = "Bearer ";
    private const int MaxLength = 256;

    /// <summary>Whether the call carries <c>Authorization: Bearer</c> and the operations token.</summary>
    public bool Allows(HttpContext context)
    {
        var header = context.Request.Headers.Authorization.ToString();
        return header.Length <= MaxLength
            && header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
            && hasher.Verify(Encoding.UTF8.GetBytes(header[Scheme.Length..].Trim()), hash);
    }
}
