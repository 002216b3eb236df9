using ArtMqtt.Store.Routes;

namespace ArtMqtt.WebGateway.Routes;

/// <summary>A way to write positions as JSON.</summary>
internal interface IRouteShape
{
    void Begin();

    void Add(RoutePoint point);

    /// <summary>Ends it; a cursor says that there is more.</summary>
    void End(string? cursor);
}
