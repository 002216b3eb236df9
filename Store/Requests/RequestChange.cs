using ArtMqtt.Contracts.Requests;

namespace ArtMqtt.Store.Requests;

/// <summary>A change that was made.</summary>
/// <param name="Request">The request after it.</param>
/// <param name="Previous">The status before it; the same when only the device changed.</param>
/// <param name="At">UTC, the database's clock.</param>
/// <param name="By">Who made it.</param>
public sealed record RequestChange(RequestRecord Request, RequestStatus Previous, DateTimeOffset At, string By);

/// <summary>Why a change was not made.</summary>
public enum RequestChangeError
{
    /// <summary>There is no such request.</summary>
    NotFound,

    /// <summary>The request's status does not allow it.</summary>
    NotAllowed,

    /// <summary>There is no such device, or it is disabled.</summary>
    DeviceNotFound,

    /// <summary>Somebody else changed it: its version is not the one the caller knows.</summary>
    Changed,
}

/// <summary>The change, or why there is none and the request as it is (null when there is no such request).</summary>
public sealed record RequestChangeResult(RequestChange? Change, RequestChangeError? Error, RequestRecord? Current);
