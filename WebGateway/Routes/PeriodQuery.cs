using ArtMqtt.WebGateway.Errors;
using Microsoft.AspNetCore.Mvc;

namespace ArtMqtt.WebGateway.Routes;

/// <summary>A period of at most 31 days, as query parameters.</summary>
internal sealed class PeriodQuery
{
    private static readonly TimeSpan _longest = TimeSpan.FromDays(31);

    /// <summary>Earliest fix time, ISO 8601 with offset; included.</summary>
    [FromQuery(Name = "from")]
    public DateTimeOffset? FromOrNull { get; init; }

    /// <summary>Latest fix time, ISO 8601 with offset; included. At most 31 days after 'from'.</summary>
    [FromQuery(Name = "to")]
    public DateTimeOffset? ToOrNull { get; init; }

    public DateTimeOffset From => FromOrNull ?? DateTimeOffset.MinValue;

    public DateTimeOffset To => ToOrNull ?? DateTimeOffset.MaxValue;

    /// <param name="mayBeOpen">Whether both ends may be left out: a request ends by itself.</param>
    public FieldErrors Validate(bool mayBeOpen)
    {
        var errors = new FieldErrors()
            .Require(mayBeOpen || FromOrNull is not null, "from", "'from' is missing.")
            .Require(mayBeOpen || ToOrNull is not null, "to", "'to' is missing.");
        return FromOrNull is null || ToOrNull is null
            ? errors
            : errors
                .Require(To - From <= _longest, "to", "'to' must be at most 31 days after 'from'.")
                .Require(From <= To, "to", "'to' must not be before 'from'.");
    }
}
