using ArtMqtt.Contracts;
using ArtMqtt.WebGateway.Errors;
using Microsoft.AspNetCore.Mvc;

namespace ArtMqtt.WebGateway.Routes;

/// <summary>Which page of a search is wanted, as query parameters.</summary>
internal sealed class SearchQuery
{
    private const int MaxLimit = 10_000;

    /// <summary>Most devices: 1 to 10,000, default 1,000.</summary>
    [FromQuery(Name = "limit")]
    public int? LimitOrNull { get; init; }

    /// <summary>The 'cursor' of the answer before, for the devices that come next.</summary>
    [FromQuery(Name = "after")]
    public string? AfterOrNull { get; init; }

    public int Limit => LimitOrNull ?? 1_000;

    public string After => AfterOrNull ?? "";

    public FieldErrors AddTo(FieldErrors errors) => errors
        .Require(AfterOrNull is null || DeviceIds.IsValid(AfterOrNull), "after", "'after' must be the 'cursor' of an answer.")
        .Require(Limit is >= 1 and <= MaxLimit, "limit", $"'limit' must be 1 to {MaxLimit}.");
}
