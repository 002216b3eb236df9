namespace ArtMqtt.WebGateway.Webhooks;

/// <summary>An endpoint's name leads only to addresses that must not be called (<see cref="AddressRules"/>).</summary>
internal sealed class AddressNotAllowedException()
    : Exception("The endpoint's address is private or special, and Gateway:Webhooks:AllowedNetworks does not have it.");
