using System.Text.Json;
using ArtMqtt.TestKit;

namespace ArtMqtt.DeviceAgent.Tests;

/// <summary>The known answers about the shared recordings.</summary>
internal static class Answers
{
    /// <summary>The answers about one recording; the test is skipped when the recordings are not on this machine.</summary>
    public static (string Path, JsonElement Answer) Of(string recording)
    {
        var path = Repository.Recording(recording);
        var answers = Repository.Recording("ANSWERS.json");
        Assert.SkipWhen(path is null || answers is null, "The shared recordings are not on this machine.");
        using var document = JsonDocument.Parse(File.ReadAllText(answers));
        return (path, document.RootElement.GetProperty(recording).Clone());
    }
}
