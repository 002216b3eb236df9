using System.Text.Json.Serialization;
using ArtMqtt.Contracts.Requests;
using ArtMqtt.Store.Requests;

namespace ArtMqtt.WebGateway.Requests;

/// <summary>One change of a request.</summary>
/// <param name="RequestId">The request.</param>
/// <param name="Version">Of the request after the change, from 1.</param>
/// <param name="From">Status before; not there when the request was made.</param>
/// <param name="To">Status after; the same when something else changed.</param>
/// <param name="DeviceId">The device that was assigned after it, if any.</param>
/// <param name="At">When.</param>
/// <param name="By">On whose word: admin, dispatcher, operator, arrival.</param>
internal sealed record RequestEventView(
    Guid RequestId, int Version,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] RequestStatus? From, RequestStatus To,
    string? DeviceId, DateTimeOffset At, string By)
{
    public static RequestEventView Of(RequestEventRecord change) => new(
        change.RequestId, change.Version, change.From, change.To, change.DeviceId, change.At, change.By);
}

/// <summary>A page of changes, newest first.</summary>
/// <param name="Items">The changes.</param>
/// <param name="Next">Give it back as <c>after</c> for the next page; null on the last.</param>
internal sealed record RequestEventPage(IReadOnlyList<RequestEventView> Items, string? Next);
