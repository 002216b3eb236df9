namespace ArtMqtt.DeviceAgent.Doctor;

/// <summary>What one look found.</summary>
/// <param name="Grade">How bad it is.</param>
/// <param name="Subject">What was looked at.</param>
/// <param name="Text">What was found.</param>
/// <param name="Advice">What to do; null when all is well.</param>
internal sealed record Finding(Grade Grade, string Subject, string Text, string? Advice = null);

/// <summary>How bad something is.</summary>
internal enum Grade
{
    /// <summary>All is well.</summary>
    Ok,

    /// <summary>It works, not as it should.</summary>
    Warning,

    /// <summary>It does not work.</summary>
    Failure,
}
