using System.Text.Json;

namespace ArtMqtt.Identity;

/// <summary>The claims of a token whose signature was checked.</summary>
/// <param name="payload">Its JSON object.</param>
internal readonly struct TokenClaims(JsonElement payload)
{
    /// <summary>Whether there is such a claim, whatever it says.</summary>
    /// <param name="path">As for <see cref="Text"/>.</param>
    public bool Has(string path) => TryFind(path, out _);

    /// <summary>The claim as a text, or null.</summary>
    /// <param name="path">Name of the claim; a dot leads into an object unless a claim has that very name.</param>
    public string? Text(string path) =>
        TryFind(path, out var claim) && claim.ValueKind == JsonValueKind.String ? claim.GetString() : null;

    /// <summary>The words of the claim: a list of texts, or one text with words between spaces.</summary>
    /// <param name="path">As for <see cref="Text"/>.</param>
    public IReadOnlyList<string> Words(string path) => !TryFind(path, out var claim) ? [] : claim.ValueKind switch
    {
        JsonValueKind.String => claim.GetString()!.Split(' ', StringSplitOptions.RemoveEmptyEntries),
        JsonValueKind.Array => [.. claim.EnumerateArray()
            .Where(item => item.ValueKind == JsonValueKind.String).Select(item => item.GetString()!)],
        _ => [],
    };

    private bool TryFind(string path, out JsonElement claim)
    {
        if (payload.TryGetProperty(path, out claim))
        {
            return true;
        }

        claim = payload;
        foreach (var name in path.Split('.'))
        {
            if (claim.ValueKind != JsonValueKind.Object || !claim.TryGetProperty(name, out claim))
            {
                return false;
            }
        }

        return true;
    }
}
