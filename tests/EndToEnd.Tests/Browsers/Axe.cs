using System.Text.Json;
using ArtMqtt.TestKit;
using Microsoft.Playwright;

namespace ArtMqtt.EndToEnd.Tests.Browsers;

/// <summary>Looks for what keeps people from using a page: axe-core, all of its rules.</summary>
internal static class Axe
{
    private static readonly string _source =
        File.ReadAllText(Path.Combine(Repository.Root, "node_modules", "axe-core", "axe.min.js"));

    /// <summary>Fails when a rule is broken, in both colour schemes.</summary>
    public static async Task AssertCleanAsync(IPage page, string state)
    {
        foreach (var scheme in new[] { ColorScheme.Light, ColorScheme.Dark })
        {
            await page.EmulateMediaAsync(new PageEmulateMediaOptions { ColorScheme = scheme });
            // Evaluated, not added: the page allows no script but its own.
            await page.EvaluateAsync(_source + "; true");
            var result = await page.EvaluateAsync<JsonElement>("axe.run(document, { resultTypes: ['violations'] })");
            Assert.True(result.GetProperty("passes").GetArrayLength() > 15, "axe looked at next to nothing.");
            var broken = result.GetProperty("violations").EnumerateArray()
                .Select(rule => $"{state}, {scheme}: {rule.GetProperty("id")}: {rule.GetProperty("nodes")[0].GetProperty("html")} "
                    + rule.GetProperty("nodes")[0].GetProperty("failureSummary")).ToList();
            Assert.Empty(broken);
        }
    }
}
