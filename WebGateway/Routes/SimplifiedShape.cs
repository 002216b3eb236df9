using ArtMqtt.Store.Routes;

namespace ArtMqtt.WebGateway.Routes;

/// <summary>Writes only the positions that another shape needs to be right within a tolerance.</summary>
/// <param name="shape">Gets what is kept.</param>
/// <param name="tolerance">Metres.</param>
internal sealed class SimplifiedShape(IRouteShape shape, double tolerance) : IRouteShape
{
    private readonly RouteSimplifier _simplifier = new(tolerance, shape.Add);

    public void Begin() => shape.Begin();

    public void Add(RoutePoint point) => _simplifier.Add(point);

    public void End(string? cursor)
    {
        _simplifier.Finish();
        shape.End(cursor);
    }
}
