using System.Security.Cryptography;
using System.Text.Json.Nodes;
using ArtMqtt.TestKit;

namespace ArtMqtt.Identity.Tests;

/// <summary>Keys from an authority: found, rolled over, kept while it is away.</summary>
public sealed class AuthorityTests : IDisposable
{
    private readonly TestAuthority _authority = new();
    private readonly RSA _first = RSA.Create(2048);
    private readonly ECDsa _second = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _authority.Dispose();
        _first.Dispose();
        _second.Dispose();
    }

    [Fact]
    public async Task Finds_issuer_and_keys_by_discovery()
    {
        _authority.Keys = [TestToken.Jwk(_first, "1"), TestToken.Jwk(_second, "2")];
        await using var host = await TokenHost.StartAsync(("Authority", _authority.Address), ("Issuer", ""));

        await AcceptedAsync(host, TestToken.Sign(_first, Claims(_authority.Address), "1"));
        await AcceptedAsync(host, TestToken.Sign(_second, Claims(_authority.Address), "2"));
        Assert.Equal("issuer", host.Validator.Validate(TestToken.Sign(_first, Claims(TestToken.Issuer), "1")).Reason);
    }

    [Fact]
    public async Task An_authority_of_another_name_is_not_believed()
    {
        _authority.Keys = [TestToken.Jwk(_first, "1")];
        _authority.Issuer = "https://other.test";
        await using var host = await TokenHost.StartAsync(("Authority", _authority.Address), ("Issuer", ""));

        await Task.Delay(TimeSpan.FromMilliseconds(500), TimeProvider.System, Token);

        Assert.True(host.Validator.Validate(TestToken.Sign(_first, Claims("https://other.test"), "1")).IsUnavailable);
    }

    [Fact]
    public async Task A_new_key_id_is_looked_up_and_a_withdrawn_key_counts_no_more()
    {
        _authority.Keys = [TestToken.Jwk(_first, "1")];
        await using var host = await StartAsync();
        var old = TestToken.Sign(_first, Claims(), "1");
        var caller = await AcceptedAsync(host, old);
        var version = host.Validator.Version;
        await Task.Delay(TimeSpan.FromMilliseconds(300), TimeProvider.System, Token);

        _authority.Keys = [TestToken.Jwk(_second, "2")];
        var rolled = TestToken.Sign(_second, Claims(), "2");
        Assert.True(host.Validator.Validate(rolled).IsUnavailable);
        await AcceptedAsync(host, rolled);

        Assert.NotEqual(version, host.Validator.Version);
        Assert.False(host.Validator.Knows(caller.KeyThumbprint.Span));
        Assert.Null(host.Validator.Validate(old).Caller);
    }

    [Fact]
    public async Task Unknown_key_ids_do_not_become_a_flood_of_readings()
    {
        _authority.Keys = [TestToken.Jwk(_first, "1")];
        await using var host = await StartAsync(("MinRefreshInterval", "00:00:01"));
        await AcceptedAsync(host, TestToken.Sign(_first, Claims(), "1"));
        var before = _authority.Reads;

        var until = TimeProvider.System.GetTimestamp();
        while (TimeProvider.System.GetElapsedTime(until) < TimeSpan.FromSeconds(2.5))
        {
            var result = host.Validator.Validate(TestToken.Sign(_second, Claims(), Guid.NewGuid().ToString()));
            Assert.Null(result.Caller);
        }

        Assert.InRange(_authority.Reads - before, 1, 3);
    }

    [Fact]
    public async Task A_key_set_with_a_shared_secret_does_not_make_it_a_key()
    {
        var secret = new byte[32];
        _authority.Keys =
        [
            TestToken.Jwk(_first, "1"),
            new JsonObject { ["kty"] = "oct", ["kid"] = "s", ["k"] = new string('A', 43) },
            new JsonObject { ["kty"] = "RSA", ["kid"] = "broken", ["n"] = "AQAB", ["e"] = "AQAB" },
            new JsonObject { ["kty"] = "EC", ["crv"] = "P-256", ["kid"] = "off", ["x"] = "AQ", ["y"] = "AQ" },
        ];
        await using var host = await StartAsync();
        await AcceptedAsync(host, TestToken.Sign(_first, Claims(), "1"));

        Assert.Equal("key_unknown", host.Validator.Validate(TestToken.Sign(secret, Claims(), "s")).Reason);
        using var encryption = RSA.Create(2048);
        var jwk = TestToken.Jwk(encryption, "enc");
        jwk["use"] = "enc";
        _authority.Keys = [jwk];
        await Task.Delay(TimeSpan.FromMilliseconds(600), TimeProvider.System, Token);
        Assert.Null(host.Validator.Validate(TestToken.Sign(encryption, Claims(), "enc")).Caller);
    }

    [Fact]
    public async Task While_the_authority_is_away_known_keys_count_and_unknown_ones_are_not_refused()
    {
        _authority.Keys = [TestToken.Jwk(_first, "1")];
        await using var host = await StartAsync(("RefreshInterval", "00:00:01"));
        await AcceptedAsync(host, TestToken.Sign(_first, Claims(), "1"));

        _authority.Stop();
        var unknown = TestToken.Sign(_second, Claims(), "2");
        await Task.Delay(TimeSpan.FromSeconds(2), TimeProvider.System, Token);

        Assert.NotNull(host.Validator.Validate(TestToken.Sign(_first, Claims(), "1")).Caller);
        Assert.True(host.Validator.Validate(unknown).IsUnavailable);
        // What is wrong whatever the key is not put off.
        Assert.Equal("algorithm", host.Validator.Validate(TestToken.Create("none", "2", Claims(), _ => [])).Reason);

        _authority.Keys = [TestToken.Jwk(_first, "1"), TestToken.Jwk(_second, "2")];
        _authority.Start();
        await AcceptedAsync(host, unknown);
    }

    [Fact]
    public async Task Starts_while_the_authority_is_away()
    {
        _authority.Stop();
        _authority.Keys = [TestToken.Jwk(_first, "1")];
        await using var host = await StartAsync();
        var token = TestToken.Sign(_first, Claims(), "1");

        Assert.True(host.Validator.Validate(token).IsUnavailable);
        _authority.Start();
        await AcceptedAsync(host, token);
    }

    private static JsonObject Claims(string issuer = TestToken.Issuer) =>
        TestToken.Claims(("iss", issuer), ("role", "analyst"));

    private static async Task<TokenCaller> AcceptedAsync(TokenHost host, string token)
    {
        TokenCaller? caller = null;
        await Eventually.TrueAsync(() => (caller = host.Validator.Validate(token).Caller) is not null, Token);
        return caller!;
    }

    private Task<TokenHost> StartAsync(params (string Key, string? Value)[] settings) =>
        TokenHost.StartAsync([("JwksUrl", _authority.JwksUrl), .. settings]);
}
