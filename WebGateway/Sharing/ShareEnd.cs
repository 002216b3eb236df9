using ArtMqtt.WebGateway.Errors;

namespace ArtMqtt.WebGateway.Sharing;

/// <summary>Why a shared link opens nothing any more.</summary>
internal enum ShareEnd
{
    /// <summary>The job, or the part of it that was shared, is over.</summary>
    Over,

    /// <summary>Its time is up.</summary>
    Expired,

    /// <summary>Somebody took it back.</summary>
    Revoked,
}

/// <summary>How an end is told.</summary>
internal static class ShareEnds
{
    /// <summary>The code of docs/errors.md.</summary>
    public static string Code(this ShareEnd end) => end switch
    {
        ShareEnd.Revoked => ErrorCodes.ShareRevoked,
        ShareEnd.Expired => ErrorCodes.ShareExpired,
        _ => ErrorCodes.ShareEnded,
    };

    /// <summary>The same for a person.</summary>
    public static string Describe(this ShareEnd end) => end switch
    {
        ShareEnd.Revoked => "This link was revoked.",
        ShareEnd.Expired => "This link has expired.",
        _ => "What this link was for is over.",
    };
}
