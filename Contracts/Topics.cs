using System.Collections.Immutable;
using ArtMqtt.Contracts.Positions;

namespace ArtMqtt.Contracts;

/// <summary>The topics of the wire contract (docs/wire-format.md): the only place that spells them.</summary>
public static class Topics
{
    private const string DevicePrefix = "art/devices/";
    private const string RequestPrefix = "art/requests/";
    private const string PositionSuffix = "/position";
    private const string PresenceSuffix = "/presence";
    private const string ControlSuffix = "/control";

    /// <summary>The levels before the id of a request.</summary>
    public static readonly ImmutableArray<string> RequestLevels = ["art", "requests"];

    /// <summary>Topic filter of the presence of all devices.</summary>
    public const string AllPresences = $"{DevicePrefix}+{PresenceSuffix}";

    /// <summary>Topic filter of the status of all requests.</summary>
    public const string AllStatuses = $"{RequestPrefix}+/status";

    /// <summary>Topic filter of the ETA of all requests.</summary>
    public const string AllEtas = $"{RequestPrefix}+/eta";

    /// <summary>Where a device publishes its positions.</summary>
    public static string DevicePosition(string deviceId) => $"{DevicePrefix}{deviceId}{PositionSuffix}";

    /// <summary>Where the operator or the customer of a request publishes, and watchers subscribe.</summary>
    public static string RequestPosition(Guid requestId, PositionRole role) =>
        $"{RequestPrefix}{requestId:D}/{(role == PositionRole.Customer ? "customer" : "operator")}{PositionSuffix}";

    /// <summary>Where the server mirrors the status of a request, retained.</summary>
    public static string RequestStatus(Guid requestId) => $"{RequestPrefix}{requestId:D}/status";

    /// <summary>Where the server mirrors when the operator will arrive, retained while the request is en route.</summary>
    public static string RequestEta(Guid requestId) => $"{RequestPrefix}{requestId:D}/eta";

    /// <summary>Where the server tells whether a device is connected, retained.</summary>
    public static string DevicePresence(string deviceId) => $"{DevicePrefix}{deviceId}{PresenceSuffix}";

    /// <summary>Where the server tells a device how often to send, retained.</summary>
    public static string DeviceControl(string deviceId) => $"{DevicePrefix}{deviceId}{ControlSuffix}";

    /// <summary>Whether it is the presence topic of a device.</summary>
    public static bool IsPresence(string topic) =>
        TryParseDevice(topic, out _, out var rest) && rest is "presence";

    /// <summary>Reads a topic that positions are published to.</summary>
    public static bool TryParsePosition(string topic, out PositionTopic parsed)
    {
        parsed = default;
        if (!topic.EndsWith(PositionSuffix, StringComparison.Ordinal))
        {
            return false;
        }

        var body = topic.AsSpan(0, topic.Length - PositionSuffix.Length);
        if (body.StartsWith(DevicePrefix, StringComparison.Ordinal))
        {
            var deviceId = body[DevicePrefix.Length..];
            parsed = new PositionTopic(PositionRole.Device, null, deviceId.ToString());
            return DeviceIds.IsValid(deviceId);
        }

        return TryParseRequest(body, out var requestId, out var rest)
            && TryParseRole(rest, out var role)
            && (parsed = new PositionTopic(role, requestId, null)) is not { RequestId: null };
    }

    /// <summary>Reads the request of any topic or topic filter below one request.</summary>
    /// <param name="topic">A topic or topic filter.</param>
    /// <param name="requestId">The request.</param>
    /// <param name="rest">What follows <c>art/requests/{requestId}/</c>.</param>
    public static bool TryParseRequest(ReadOnlySpan<char> topic, out Guid requestId, out ReadOnlySpan<char> rest)
    {
        const int GuidLength = 36;
        requestId = default;
        rest = default;
        if (!topic.StartsWith(RequestPrefix, StringComparison.Ordinal))
        {
            return false;
        }

        var body = topic[RequestPrefix.Length..];
        if (body.Length <= GuidLength || body[GuidLength] != '/'
            || !Guid.TryParseExact(body[..GuidLength], "D", out requestId)
            || body[..GuidLength].ContainsAnyInRange('A', 'F'))
        {
            return false;
        }

        rest = body[(GuidLength + 1)..];
        return true;
    }

    /// <summary>Reads the device of any topic or topic filter below one device.</summary>
    public static bool TryParseDevice(ReadOnlySpan<char> topic, out string deviceId, out ReadOnlySpan<char> rest)
    {
        deviceId = "";
        rest = default;
        if (!topic.StartsWith(DevicePrefix, StringComparison.Ordinal))
        {
            return false;
        }

        var body = topic[DevicePrefix.Length..];
        var end = body.IndexOf('/');
        if (end <= 0 || !DeviceIds.IsValid(body[..end]))
        {
            return false;
        }

        deviceId = body[..end].ToString();
        rest = body[(end + 1)..];
        return true;
    }

    private static bool TryParseRole(ReadOnlySpan<char> level, out PositionRole role)
    {
        role = level is "customer" ? PositionRole.Customer : PositionRole.Operator;
        return level is "customer" or "operator";
    }
}

/// <summary>A topic that positions are published to.</summary>
/// <param name="Role">Who publishes there.</param>
/// <param name="RequestId">The request, for operators and customers.</param>
/// <param name="DeviceId">The device, for <see cref="PositionRole.Device"/>.</param>
public readonly record struct PositionTopic(PositionRole Role, Guid? RequestId, string? DeviceId);
