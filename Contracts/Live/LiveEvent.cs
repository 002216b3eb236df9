using System.Text.Json.Serialization;
using ArtMqtt.Contracts.Positions;
using ArtMqtt.Contracts.Requests;

namespace ArtMqtt.Contracts.Live;

/// <summary>Something that watchers of a request are told. The same names and fields on every transport.</summary>
public abstract record LiveEvent
{
    /// <summary>The name on the wire, for example <c>operator:location</c>.</summary>
    [JsonIgnore]
    public abstract string Name { get; }
}

/// <summary><c>operator:location</c> or <c>customer:location</c>.</summary>
/// <param name="Role">Whose place; decides the name.</param>
/// <param name="Lat">Degrees north.</param>
/// <param name="Lng">Degrees east.</param>
/// <param name="Timestamp">Fix time, milliseconds since 1970.</param>
/// <param name="Speed">m/s over ground.</param>
/// <param name="Heading">Degrees from true north.</param>
/// <param name="Accuracy">Metres.</param>
public sealed record LocationEvent(
    [property: JsonIgnore] PositionRole Role, double Lat, double Lng, long Timestamp,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] float? Speed,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] float? Heading,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] float? Accuracy) : LiveEvent
{
    /// <summary>Name of an operator's location.</summary>
    public const string OperatorName = "operator:location";

    /// <summary>Name of a customer's location.</summary>
    public const string CustomerName = "customer:location";

    /// <inheritdoc/>
    [JsonIgnore]
    public override string Name => Role == PositionRole.Customer ? CustomerName : OperatorName;

    /// <summary>The event that shows a position.</summary>
    public static LocationEvent Of(PositionRole role, in Position position) => new(
        role, position.Latitude, position.Longitude, position.FixTime.ToUnixTimeMilliseconds(),
        position.Speed, position.Heading, position.Accuracy);
}

/// <summary><c>request:status:updated</c>.</summary>
/// <param name="Status">The new status.</param>
/// <param name="Previous">The one before; null in a snapshot.</param>
/// <param name="At">When, milliseconds since 1970.</param>
/// <param name="By">Who changed it, for example <c>dispatcher</c>.</param>
public sealed record StatusEvent(
    RequestStatus Status,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] RequestStatus? Previous,
    long At, string By) : LiveEvent
{
    /// <summary>The name on the wire.</summary>
    public const string WireName = "request:status:updated";

    /// <summary>
    /// The request's version with this status, by which a late one is told from a new one when several nodes change
    /// requests; null when it is not known.
    /// </summary>
    [JsonIgnore]
    public int? Version { get; init; }

    /// <inheritdoc/>
    [JsonIgnore]
    public override string Name => WireName;
}
