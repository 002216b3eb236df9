namespace ArtMqtt.WebGateway.Changes.Wire;

/// <summary>Names on the wire.</summary>
internal static class EventNames
{
    public const string SocketTopic = "phoenix";
    public const string TopicPrefix = "realtime:";
    public const string Heartbeat = "heartbeat";
    public const string Join = "phx_join";
    public const string Leave = "phx_leave";
    public const string Reply = "phx_reply";
    public const string Close = "phx_close";
    public const string AccessToken = "access_token";
    public const string Broadcast = "broadcast";
    public const string Presence = "presence";
    public const string PresenceState = "presence_state";
    public const string PresenceDiff = "presence_diff";
    public const string Changes = "postgres_changes";
    public const string System = "system";
}
