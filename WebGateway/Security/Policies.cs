namespace ArtMqtt.WebGateway.Security;

/// <summary>Names of authorization policies.</summary>
internal static class Policies
{
    /// <summary>Dispatchers only. Without a policy any valid token passes, and the endpoint looks at the request.</summary>
    public const string Dispatcher = "dispatcher";
}
