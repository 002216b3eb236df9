using ArtMqtt.Store.Routes;
using ArtMqtt.WebGateway.Errors;
using Microsoft.AspNetCore.Mvc;

namespace ArtMqtt.WebGateway.Routes;

/// <summary>A box, as query parameters; all four or none.</summary>
internal sealed class BoxQuery
{
    /// <summary>Degrees east, -180 to 180. Greater than 'east' means over the date line.</summary>
    [FromQuery(Name = "west")]
    public double? West { get; init; }

    /// <summary>Degrees north, -90 to 90.</summary>
    [FromQuery(Name = "south")]
    public double? South { get; init; }

    /// <summary>Degrees east, -180 to 180.</summary>
    [FromQuery(Name = "east")]
    public double? East { get; init; }

    /// <summary>Degrees north, -90 to 90.</summary>
    [FromQuery(Name = "north")]
    public double? North { get; init; }

    /// <summary>The box; without the parameters the whole earth.</summary>
    public BoundingBox Box => new(West ?? -180, South ?? -90, East ?? 180, North ?? 90);

    public FieldErrors AddTo(FieldErrors errors, bool isRequired)
    {
        var isGiven = isRequired || West is not null || South is not null || East is not null || North is not null;
        return errors
            .Require(IsDegree(West, 180, isGiven), "west", "'west' must be -180 to 180.")
            .Require(IsDegree(South, 90, isGiven), "south", "'south' must be -90 to 90.")
            .Require(IsDegree(East, 180, isGiven), "east", "'east' must be -180 to 180.")
            .Require(IsDegree(North, 90, isGiven), "north", "'north' must be -90 to 90.")
            .Require(!(South > North), "north", "'north' must not be less than 'south'.");
    }

    private static bool IsDegree(double? value, double most, bool isRequired) =>
        value is { } degree ? degree >= -most && degree <= most : !isRequired;
}
