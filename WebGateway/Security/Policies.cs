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

    /// <summary>Those who move requests on: dispatchers, admins, and who comes with the device that is assigned.</summary>
    public const string DispatcherOrDevice = "dispatcher-or-device";

    /// <summary>Those who list requests: readers all of their tenant, who comes with a device its own.</summary>
    public const string ReaderOrDevice = "reader-or-device";

    /// <summary>Pages of other sites may call, as <see cref="OtherSitesOptions"/> says.</summary>
    public const string OtherSites = "other-sites";
}
