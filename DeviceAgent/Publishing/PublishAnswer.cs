namespace ArtMqtt.DeviceAgent.Publishing;

/// <summary>What the server said to a publish.</summary>
/// <param name="Verdict">What it means for the position.</param>
/// <param name="Reason">The code, for people.</param>
/// <param name="RetryAfter">How long the server wants to be left alone, if it said so.</param>
internal readonly record struct PublishAnswer(PublishVerdict Verdict, string Reason, TimeSpan? RetryAfter = null);
