using System.Text.Json.Nodes;
using ArtMqtt.Broker.Auth;
using ArtMqtt.Broker.Tests.Support;
using ArtMqtt.Contracts.Requests;
using ArtMqtt.TestKit;

namespace ArtMqtt.Broker.Tests.Auth;

/// <summary>Who gets in with a secret, a link or a token, and for how long.</summary>
public sealed class ClientAuthenticatorTests : IDisposable
{
    private readonly Authenticators _node = new();

    public ClientAuthenticatorTests() => _node.Fleet.AddDevice("truck-1");

    public void Dispose() => _node.Dispose();

    [Fact]
    public void The_previous_secret_counts_until_its_time_is_over()
    {
        Rotate(TimeSpan.FromHours(24));

        var old = Accepted(_node.SignIn("truck-1", "secret-truck-1"));
        var current = Accepted(_node.SignIn(null, "new", clientId: "truck-1"));
        Assert.Equal(old, current);
        Assert.Null(_node.SignIn("truck-1", "other").Identity);

        _node.Time.Advance(TimeSpan.FromHours(24));
        Assert.Null(_node.SignIn("truck-1", "secret-truck-1").Identity);
        Assert.NotNull(_node.SignIn("truck-1", "new").Identity);
        Assert.Equal(IdentityStanding.Expired, _node.Authenticator.Check(old));
        Assert.Equal(IdentityStanding.Valid, _node.Authenticator.Check(current));
    }

    [Fact]
    public void A_secret_that_was_taken_back_ends_its_connections()
    {
        var identity = Accepted(_node.SignIn("truck-1", "secret-truck-1"));
        var version = _node.Authenticator.Version;
        Assert.True(_node.Authenticator.IsStillValid(identity));

        Rotate(TimeSpan.FromHours(1));
        Assert.NotEqual(version, _node.Authenticator.Version);
        Assert.True(_node.Authenticator.IsStillValid(identity));

        _node.Fleet.Change("truck-1", d => d with { PreviousSecretHash = default, PreviousSecretUntil = null });
        Assert.Equal(IdentityStanding.Revoked, _node.Authenticator.Check(identity));
    }

    [Fact]
    public void A_disabled_or_removed_device_is_out()
    {
        var identity = Accepted(_node.SignIn("truck-1", "secret-truck-1"));
        var byToken = Accepted(_node.SignIn("token", Token(("role", "device"), ("sub", "truck-1"))));

        _node.Fleet.Change("truck-1", d => d with { IsEnabled = false });
        Assert.Equal(IdentityStanding.Revoked, _node.Authenticator.Check(identity));
        Assert.Equal(IdentityStanding.Revoked, _node.Authenticator.Check(byToken));
        Assert.Null(_node.SignIn("truck-1", Token(("role", "device"), ("sub", "truck-1"))).Identity);

        _node.Fleet.Change("truck-1", d => d with { IsEnabled = true });
        Assert.True(_node.Authenticator.IsStillValid(identity));
        _node.Fleet.Change("truck-1", _ => null);
        Assert.Equal(IdentityStanding.Revoked, _node.Authenticator.Check(identity));
    }

    [Fact]
    public void A_customer_is_out_when_the_request_is_over_or_the_link_another()
    {
        var (request, link) = _node.Fleet.AddRequest("truck-1", RequestStatus.EnRoute);
        var byLink = Accepted(_node.SignIn("customer", link));
        var byToken = Accepted(_node.SignIn("", Token(("role", "customer"), ("request_id", $"{request.RequestId}"))));
        Assert.Equal(byLink, byToken);

        _node.Fleet.Change(request.RequestId, r => r with { CustomerTokenHash = new byte[32] });
        Assert.Equal(IdentityStanding.Revoked, _node.Authenticator.Check(byLink));
        Assert.True(_node.Authenticator.IsStillValid(byToken));
        _node.Fleet.Change(request.RequestId, _ => null);
        Assert.Equal(IdentityStanding.Revoked, _node.Authenticator.Check(byToken));
    }

    [Theory]
    [InlineData("truck-1", true)]
    [InlineData("token", true)]
    [InlineData("", true)]
    [InlineData(null, true)]
    [InlineData("truck-2", false)]
    [InlineData("dispatcher", false)]
    public void A_token_and_a_user_name_must_agree(string? userName, bool isIn)
    {
        _node.Fleet.AddDevice("truck-2");

        var result = _node.SignIn(userName, Token(("role", "operator"), ("sub", "Ada"), ("device_id", "truck-1")));

        Assert.Equal(isIn ? "device:truck-1" : null, result.Identity?.Scope);
        Assert.False(result.IsUnavailable);
    }

    [Fact]
    public void Persons_with_tokens_are_told_apart()
    {
        var ada = Accepted(_node.SignIn("dispatcher", Token(("role", "dispatcher"), ("sub", "a/da"))));
        var bob = Accepted(_node.SignIn("dispatcher", Token(("role", "dispatcher"), ("sub", "bob"))));
        var nobody = Accepted(_node.SignIn("dispatcher", Token(("role", "dispatcher"))));
        var shared = Accepted(_node.SignIn("dispatcher", _node.Dispatcher.ToString()));
        var analyst = Accepted(_node.SignIn("analyst", Token(("role", "analyst"), ("sub", "bob"))));

        Assert.Equal(5, new[] { ada, bob, nobody, shared, analyst }.Distinct().Count());
        Assert.Equal("dispatcher:a%2Fda", ada.Scope);
        Assert.Equal(ClientKind.Analyst, analyst.Kind);
        Assert.Equal(ClientIdentity.Dispatcher, shared);
        Assert.True(_node.Authenticator.IsStillValid(shared));
    }

    [Fact]
    public void A_token_that_expires_ends_its_connection()
    {
        var exp = _node.Time.GetUtcNow().AddMinutes(5).ToUnixTimeSeconds();
        var identity = Accepted(_node.SignIn("token", Token(("role", "device"), ("sub", "truck-1"), ("exp", exp))));

        Assert.Equal(exp, identity.ExpiresAt!.Value.ToUnixTimeSeconds());
        _node.Time.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal(IdentityStanding.Expired, _node.Authenticator.Check(identity));
    }

    [Fact]
    public void Unknown_while_the_database_is_away_is_not_refused()
    {
        _node.Fleet.IsCurrent = false;

        Assert.True(_node.SignIn("truck-9", "x").IsUnavailable);
        Assert.True(_node.SignIn("token", Token(("role", "device"), ("sub", "truck-9"))).IsUnavailable);
        Assert.False(_node.SignIn("truck-1", "x").IsUnavailable);
        Assert.NotNull(_node.SignIn("token", Token(("role", "device"), ("sub", "truck-1"))).Identity);

        _node.Fleet.IsLoaded = false;
        Assert.True(_node.SignIn("token", Token(("role", "device"), ("sub", "truck-1"))).IsUnavailable);
        Assert.NotNull(_node.SignIn("token", Token(("role", "analyst"))).Identity);
    }

    [Fact]
    public void A_wrong_token_is_refused_and_never_taken_for_a_secret()
    {
        var forged = TestToken.Sign(new byte[32], TestToken.Claims(("role", "dispatcher")));
        _node.Fleet.Change("truck-1", d => d with { SecretHash = _node.Fleet.Hasher.Hash(forged) });

        Assert.Equal(AuthenticationResult.Refused, _node.SignIn("dispatcher", forged));
        Assert.Equal(AuthenticationResult.Refused, _node.SignIn("truck-1", forged));
        Assert.Equal(AuthenticationResult.Refused, _node.SignIn("truck-1", new string('e', 100_000)));
    }

    [Fact]
    public void The_older_way_to_ask_is_the_same()
    {
        Assert.Equal("truck-1", _node.Authenticator.Authenticate("truck-1", "secret-truck-1"u8, "x").Identity?.DeviceId);
        Assert.Equal(AuthenticationResult.Refused, _node.Authenticator.Authenticate("truck-1", default, "x"));
    }

    private static ClientIdentity Accepted(AuthenticationResult result) => Assert.IsType<ClientIdentity>(result.Identity);

    private static string Token(params (string, JsonNode?)[] claims) =>
        TestToken.Sign(Authenticators.TokenKey, TestToken.Claims(claims));

    private void Rotate(TimeSpan overlap) => _node.Fleet.Change("truck-1", device => device with
    {
        SecretHash = _node.Fleet.Hasher.Hash("new"),
        PreviousSecretHash = device.SecretHash,
        PreviousSecretUntil = _node.Time.GetUtcNow() + overlap,
    });
}
