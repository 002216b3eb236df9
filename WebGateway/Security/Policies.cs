namespace ArtMqtt.WebGateway.Security;

/// <summary>Names of policies.</summary>
internal static class Policies
{
    /// <summary>Admins only: what cannot be undone, and what gives rights.</summary>
    public const string Admin = "admin";

    /// <summary>Dispatchers and admins only. Without a policy any valid token passes, and the endpoint looks at the request.</summary>
    public const string Dispatcher = "dispatcher";

    /// <summary>Who may read everything of a tenant: dispatchers, analysts and admins.</summary>
    public const string Reader = "reader";

    /// <summary>
    /// Pages of any site may call. That gives them nothing: browsers add no credential of ours by themselves, the page
    /// must have a token and send it.
    /// </summary>
    public const string AnyOrigin = "any-origin";
}
