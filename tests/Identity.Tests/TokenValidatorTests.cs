using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using ArtMqtt.TestKit;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace ArtMqtt.Identity.Tests;

/// <summary>Keys from the settings: what is accepted, and what is not.</summary>
public sealed class TokenValidatorTests : IDisposable
{
    private static readonly byte[] _secret = Enumerable.Repeat((byte)42, 32).ToArray();
    private readonly TestFolder _folder = new();
    private readonly RSA _rsa = RSA.Create(2048);
    private readonly ECDsa _ec = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    private string PemFile => Path.Combine(_folder.Path, "keys.pem");

    public void Dispose()
    {
        _folder.Dispose();
        _rsa.Dispose();
        _ec.Dispose();
    }

    [Fact]
    public async Task Accepts_the_three_algorithms()
    {
        await using var host = await StartAsync();
        var claims = TestToken.Claims(("role", "dispatcher"), ("sub", "ada"));

        foreach (var token in new[]
        {
            TestToken.Sign(_secret, claims), TestToken.Sign(_rsa, claims), TestToken.Sign(_ec, claims, kid: "any"),
        })
        {
            var result = host.Validator.Validate(token);
            Assert.Equal(("", CallerRole.Dispatcher, "ada"), (result.Reason, result.Caller!.Role, result.Caller.Subject));
            Assert.True(host.Validator.Knows(result.Caller.KeyThumbprint.Span));
        }
    }

    [Fact]
    public async Task Refuses_what_is_signed_otherwise()
    {
        await using var host = await StartAsync();
        var claims = TestToken.Claims(("role", "dispatcher"));
        using var otherRsa = RSA.Create(2048);
        using var otherEc = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var pem = Encoding.UTF8.GetBytes(_rsa.ExportSubjectPublicKeyInfoPem());

        Assert.Equal("algorithm", Reason(TestToken.Create("none", null, claims, _ => [])));
        Assert.Equal("algorithm", Reason(TestToken.Create("None", null, claims, _ => [])));
        Assert.Equal("algorithm", Reason(TestToken.Create("", null, claims, _ => [])));
        Assert.Equal("algorithm", Reason(TestToken.Create(
            "RS512", null, claims, b => _rsa.SignData(b, HashAlgorithmName.SHA512, RSASignaturePadding.Pkcs1))));
        Assert.Equal("algorithm", Reason(TestToken.Create(
            "PS256", null, claims, b => _rsa.SignData(b, HashAlgorithmName.SHA256, RSASignaturePadding.Pss))));
        Assert.Equal("algorithm", Reason(TestToken.Create("HS512", null, claims, b => HMACSHA512.HashData(_secret, b))));
        // The public key as if it were a shared secret, in the forms libraries were fooled with.
        Assert.Equal("signature", Reason(TestToken.Sign(pem, claims)));
        Assert.Equal("signature", Reason(TestToken.Sign(_rsa.ExportSubjectPublicKeyInfo(), claims)));
        Assert.Equal("signature", Reason(TestToken.Sign(_rsa.ExportRSAPublicKey(), claims)));
        // One algorithm's name over another's signature.
        Assert.Equal("signature", Reason(TestToken.Sign(_secret, claims, alg: "RS256")));
        Assert.Equal("signature", Reason(TestToken.Sign(_rsa, claims, alg: "ES256")));
        Assert.Equal("signature", Reason(TestToken.Sign(_ec, claims, alg: "RS256")));
        Assert.Equal("signature", Reason(TestToken.Sign(otherRsa, claims)));
        Assert.Equal("signature", Reason(TestToken.Sign(otherEc, claims)));
        Assert.Equal("signature", Reason(TestToken.Create("ES256", null, claims, _ => new byte[64])));
        Assert.Equal("signature", Reason(TestToken.Create("RS256", null, claims, _ => [])));
        // Keys that the token brings along.
        Assert.Equal("signature", Reason(TestToken.Create(
            new JsonObject { ["alg"] = "RS256", ["jwk"] = TestToken.Jwk(otherRsa, "mine") }, claims,
            b => otherRsa.SignData(b, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1))));
        Assert.Equal("algorithm", Reason(TestToken.Create(
            new JsonObject { ["alg"] = "HS256", ["crit"] = new JsonArray("b64"), ["b64"] = false }, claims,
            b => HMACSHA256.HashData(_secret, b))));

        string Reason(string token)
        {
            var result = host.Validator.Validate(token);
            Assert.True(result.Caller is null && !result.IsUnavailable);
            return result.Reason;
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("ey")]
    [InlineData("ey..")]
    [InlineData("eyJhbGciOiJIUzI1NiJ9..")]
    [InlineData("eyJhbGciOiJIUzI1NiJ9.bm90anNvbg.AAAA")]
    [InlineData("eyJhbGciOiJIUzI1NiJ9.W10.AAAA")]
    [InlineData("eyJhbGciOnsiYSI6MX19.e30.AAAA")]
    [InlineData("eyJhbGciOiJIUzI1NiJ9.e30.A.B.C")]
    [InlineData("ey\u0000.\u00e4.\ud83d\ude00")]
    public async Task Refuses_what_is_no_token(string text)
    {
        await using var host = await StartAsync();

        var result = host.Validator.Validate(text);

        Assert.Null(result.Caller);
        Assert.False(result.IsUnavailable);
    }

    [Fact]
    public async Task Refuses_wrong_issuers_audiences_and_too_long_ones()
    {
        await using var host = await StartAsync();

        Assert.Equal("issuer", Reason(("iss", "https://other.test")));
        Assert.Equal("issuer", Reason(("iss", null)));
        Assert.Equal("issuer", Reason(("iss", TestToken.Issuer + "/")));
        Assert.Equal("audience", Reason(("aud", "other")));
        Assert.Equal("audience", Reason(("aud", null)));
        Assert.Equal("audience", Reason(("aud", new JsonArray("a", "b"))));
        Assert.Equal("", Reason(("aud", new JsonArray("a", TestToken.Audience))));
        Assert.Equal("too_long", Reason(("more", new string('x', 4000))));

        string Reason((string, JsonNode?) change) =>
            host.Validator.Validate(TestToken.Sign(_secret, TestToken.Claims(("role", "analyst"), change))).Reason;
    }

    [Fact]
    public async Task Lifetime_counts_by_the_nodes_clock_with_a_small_skew()
    {
        var time = new FakeTimeProvider(DateTimeOffset.FromUnixTimeSeconds(1_800_000_000));
        await using var host = await StartAsync(time, ("ClockSkew", "00:00:30"));
        var token = TestToken.Sign(_secret, TestToken.Claims(
            ("role", "analyst"), ("nbf", 1_800_000_100), ("exp", 1_800_000_200)));

        Assert.Equal("not_yet_valid", host.Validator.Validate(token).Reason);
        time.Advance(TimeSpan.FromSeconds(70));
        Assert.Equal(1_800_000_230, host.Validator.Validate(token).Caller!.ExpiresAt.ToUnixTimeSeconds());
        time.Advance(TimeSpan.FromSeconds(159));
        Assert.NotNull(host.Validator.Validate(token).Caller);
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("expired", host.Validator.Validate(token).Reason);

        Assert.Equal("no_expiry", Reason(("exp", null)));
        Assert.NotEqual("", Reason(("exp", "tomorrow")));
        Assert.Equal("expired", Reason(("exp", 0)));
        Assert.Equal("", Reason(("exp", 253_402_300_800L)));

        string Reason((string, JsonNode?) change) =>
            host.Validator.Validate(TestToken.Sign(_secret, TestToken.Claims(("role", "analyst"), change))).Reason;
    }

    [Fact]
    public async Task Claims_say_who_it_is()
    {
        await using var host = await StartAsync(
            null, ("RoleClaim", "realm_access.roles"), ("DispatcherRole", "leitstelle"));
        var request = Guid.NewGuid();

        Assert.Equal((CallerRole.Dispatcher, null, null), Who(["x", "leitstelle", "device"]));
        Assert.Equal((CallerRole.Analyst, null, null), Who(["analyst"], ("device_id", "van-1")));
        Assert.Equal((CallerRole.Admin, null, null), Who(["dispatcher", "admin"]));
        Assert.Equal((CallerRole.Device, "van-1", null), Who(["device"], ("sub", "van-1")));
        Assert.Equal((CallerRole.Device, "van-2", null), Who(["device"], ("sub", "van-1"), ("device_id", "van-2")));
        Assert.Equal((CallerRole.Operator, "van-2", null), Who(["operator"], ("sub", "Ada"), ("device_id", "van-2")));
        Assert.Equal((CallerRole.Customer, null, request), Who(["customer"], ("request_id", request.ToString())));

        Assert.Equal("acme", Validate(["analyst"], [("tenant", "acme")]).Caller!.Tenant);
        Assert.Null(Validate(["analyst"], []).Caller!.Tenant);

        Assert.Equal("tenant", Why(["admin"], ("tenant", "")));
        Assert.Equal("tenant", Why(["admin"], ("tenant", 7)));
        Assert.Equal("role", Why(["dispatcher"]));
        Assert.Equal("role", Why([]));
        Assert.Equal("device", Why(["operator"], ("sub", "van-1")));
        Assert.Equal("device", Why(["device"], ("sub", "No Device")));
        Assert.Equal("device", Why(["device"], ("device_id", "a/b")));
        Assert.Equal("request", Why(["customer"], ("request_id", "7")));
        Assert.Equal("subject", Why(["analyst"], ("sub", new string('s', 256))));
        Assert.Equal("subject", Why(["analyst"], ("sub", "a\nb")));

        TokenResult Validate(string[] roles, (string, JsonNode?)[] more) => host.Validator.Validate(TestToken.Sign(
            _secret, TestToken.Claims(
                [("realm_access", new JsonObject { ["roles"] = new JsonArray([.. roles]) }), .. more])));

        (CallerRole, string?, Guid?) Who(string[] roles, params (string, JsonNode?)[] more)
        {
            var caller = Validate(roles, more).Caller!;
            return (caller.Role, caller.DeviceId, caller.RequestId);
        }

        string Why(string[] roles, params (string, JsonNode?)[] more) => Validate(roles, more).Reason;
    }

    [Fact]
    public async Task A_default_role_is_for_tokens_without_any()
    {
        await using var host = await StartAsync(null, ("DefaultRole", "analyst"));

        Assert.Equal(CallerRole.Analyst, host.Validator.Validate(TestToken.Sign(_secret, TestToken.Claims())).Caller!.Role);
        var other = TestToken.Sign(_secret, TestToken.Claims(("role", "guest")));
        Assert.Equal("role", host.Validator.Validate(other).Reason);
    }

    [Fact]
    public async Task Algorithms_can_be_fewer()
    {
        await using var host = await StartAsync(null, ("Algorithms:0", "ES256"));
        var claims = TestToken.Claims(("role", "analyst"));

        Assert.NotNull(host.Validator.Validate(TestToken.Sign(_ec, claims)).Caller);
        Assert.Equal("algorithm", host.Validator.Validate(TestToken.Sign(_rsa, claims)).Reason);
        Assert.Equal("algorithm", host.Validator.Validate(TestToken.Sign(_secret, claims)).Reason);
    }

    [Theory]
    [InlineData("Tokens:Audience", "Audience", "")]
    [InlineData("Tokens:Issuer", "Issuer", "")]
    [InlineData("32 bytes", "SymmetricKey", "c2hvcnQ")]
    [InlineData("base64", "SymmetricKey", "%%%")]
    [InlineData("must be RS256", "Algorithms:0", "none")]
    [InlineData("must be https", "JwksUrl", "http://keys.test/")]
    [InlineData("missing.pem", "PublicKeyFile", "missing.pem")]
    public async Task Does_not_start_with_unsafe_settings(string expected, string key, string value)
    {
        var refused = await Assert.ThrowsAsync<OptionsValidationException>(() => StartAsync(null, (key, value)));

        Assert.Contains(expected, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Does_not_start_with_a_weak_or_private_key_in_the_file()
    {
        using var weak = RSA.Create(1024);
        await File.WriteAllTextAsync(PemFile + "1", weak.ExportSubjectPublicKeyInfoPem(), TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(PemFile + "2", _rsa.ExportPkcs8PrivateKeyPem(), TestContext.Current.CancellationToken);

        var short1 = await Assert.ThrowsAsync<OptionsValidationException>(() => StartAsync(null, ("PublicKeyFile", PemFile + "1")));
        var private2 = await Assert.ThrowsAsync<OptionsValidationException>(() => StartAsync(null, ("PublicKeyFile", PemFile + "2")));

        Assert.Contains("2048", short1.Message, StringComparison.Ordinal);
        Assert.Contains("PRIVATE KEY", private2.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_keys_nothing_is_accepted()
    {
        await using var host = await TokenHost.StartAsync();

        Assert.False(host.Validator.IsEnabled);
        Assert.Equal("not_configured", host.Validator.Validate(TestToken.Sign(_secret, TestToken.Claims())).Reason);
    }

    private Task<TokenHost> StartAsync() => StartAsync(null);

    private async Task<TokenHost> StartAsync(TimeProvider? time, params (string Key, string? Value)[] settings)
    {
        await File.WriteAllTextAsync(
            PemFile, _rsa.ExportSubjectPublicKeyInfoPem() + "\n" + _ec.ExportSubjectPublicKeyInfoPem());
        return await TokenHost.StartAsync(time, [
            ("SymmetricKey", Convert.ToBase64String(_secret)), ("PublicKeyFile", PemFile), .. settings]);
    }
}
