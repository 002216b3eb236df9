namespace ArtMqtt.WebGateway.Limits;

/// <summary>What a call costs; each kind has a limit of its own.</summary>
internal enum CallClass
{
    /// <summary>It reads.</summary>
    Read,

    /// <summary>It changes something.</summary>
    Change,

    /// <summary>It reads a route as a file.</summary>
    Export,
}

/// <summary>Metadata of endpoints whose calls are limited.</summary>
/// <param name="Class">What a call costs; null: as its method says.</param>
internal sealed record LimitedCalls(CallClass? Class = null)
{
    /// <summary>What this call costs.</summary>
    public CallClass Of(HttpRequest request) =>
        Class ?? (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method) ? CallClass.Read : CallClass.Change);
}
