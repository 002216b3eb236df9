using System.Text.Json;
using ArtMqtt.TestKit;
using Microsoft.Playwright;

namespace ArtMqtt.EndToEnd.Tests.Browsers;

/// <summary>axe-core: what of a page people with a screen reader, a keyboard or weak eyes cannot use.</summary>
internal static class Axe
{
    private const string Run = """
        async () => (await axe.run(document, { resultTypes: ['violations'] })).violations
          .map(v => `${v.id}: ${v.nodes.map(n => n.html + ' ' + (n.any[0]?.message ?? '')).join(' | ')}`)
        """;

    private static readonly Lazy<string> _source = new(() =>
        File.ReadAllText(Path.Combine(Repository.Root, "node_modules", "axe-core", "axe.min.js")));

    /// <summary>Fails when the page, as it is now, has any violation.</summary>
    public static async Task AssertCleanAsync(IPage page)
    {
        // Evaluated, not added as a script: the page's content security policy allows none of others.
        await page.EvaluateAsync(_source.Value);
        Assert.Empty((await page.EvaluateAsync<JsonElement>(Run)).EnumerateArray().Select(v => v.GetString()));
    }
}
