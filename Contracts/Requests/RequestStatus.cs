using System.Text.Json.Serialization;

namespace ArtMqtt.Contracts.Requests;

/// <summary>How far a request has come.</summary>
[JsonConverter(typeof(RequestStatusJsonConverter))]
public enum RequestStatus : byte
{
    /// <summary>Created; nobody is assigned.</summary>
    Pending = 0,

    /// <summary>A device is assigned.</summary>
    Assigned = 1,

    /// <summary>The operator is on the way.</summary>
    EnRoute = 2,

    /// <summary>The operator is at the customer's place.</summary>
    Arrived = 3,

    /// <summary>The service is being done.</summary>
    InProgress = 4,

    /// <summary>Done. Final.</summary>
    Completed = 5,

    /// <summary>Given up before it was done. Final.</summary>
    Cancelled = 6,
}

/// <summary>JSON name of a <see cref="RequestStatus"/>: snake_case.</summary>
public sealed class RequestStatusJsonConverter()
    : JsonStringEnumConverter<RequestStatus>(System.Text.Json.JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false);
