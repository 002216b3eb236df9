namespace ArtMqtt.Contracts.Requests;

/// <summary>Which status may follow which: one step forward, or cancelled from any state before completed.</summary>
public static class RequestTransitions
{
    /// <summary>Whether a request in <paramref name="from"/> may become <paramref name="to"/>.</summary>
    public static bool IsAllowed(RequestStatus from, RequestStatus to) => to switch
    {
        RequestStatus.Cancelled => !from.IsFinal(),
        RequestStatus.Pending => false,
        _ => !from.IsFinal() && to == from + 1,
    };

    /// <summary>Whether nothing can follow.</summary>
    public static bool IsFinal(this RequestStatus status) =>
        status is RequestStatus.Completed or RequestStatus.Cancelled;

    /// <summary>Whether the positions of the operator are the customer's to see.</summary>
    public static bool ShowsOperator(this RequestStatus status) =>
        status is not RequestStatus.Pending && !status.IsFinal();

    /// <summary>The name on the wire and in the store, snake_case.</summary>
    public static string ToWire(this RequestStatus status) => status switch
    {
        RequestStatus.Pending => "pending",
        RequestStatus.Assigned => "assigned",
        RequestStatus.EnRoute => "en_route",
        RequestStatus.Arrived => "arrived",
        RequestStatus.InProgress => "in_progress",
        RequestStatus.Completed => "completed",
        RequestStatus.Cancelled => "cancelled",
        _ => throw new ArgumentOutOfRangeException(nameof(status), status, "Not a request status."),
    };

    /// <summary>Reads <see cref="ToWire"/>'s names.</summary>
    public static bool TryParse(string? text, out RequestStatus status)
    {
        foreach (var candidate in Enum.GetValues<RequestStatus>())
        {
            if (candidate.ToWire() == text)
            {
                status = candidate;
                return true;
            }
        }

        status = default;
        return false;
    }
}
