using Microsoft.AspNetCore.SignalR;

namespace ArtMqtt.WebGateway.Live;

/// <summary>Errors that browsers see: <c>code: text</c>, with the codes of docs/errors.md.</summary>
internal static class HubErrors
{
    public static HubException Create(string code, string detail) => new($"{code}: {detail}");
}
