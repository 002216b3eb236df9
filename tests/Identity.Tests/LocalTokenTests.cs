using System.Security.Cryptography;
using ArtMqtt.Contracts.Security;
using ArtMqtt.TestKit;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace ArtMqtt.Identity.Tests;

/// <summary>Tokens that the installation issues itself, alone and beside those of others.</summary>
public sealed class LocalTokenTests : IDisposable
{
    private static readonly byte[] _secret = Enumerable.Repeat((byte)42, 32).ToArray();
    private readonly TestFolder _folder = new();
    private readonly FakeTimeProvider _time = new(TimeProvider.System.GetUtcNow());

    private string KeyFile => Path.Combine(_folder.Path, "token-key");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_token_says_what_was_granted_on_every_node_with_the_key()
    {
        await using var host = await StartAsync();
        await using var another = await StartAsync();
        var requestId = Guid.NewGuid();
        foreach (var grant in new[]
        {
            Grant(CallerRole.Admin), Grant(CallerRole.Admin) with { Tenant = "acme" },
            Grant(CallerRole.Dispatcher) with { Subject = "ada", Tenant = "acme" }, Grant(CallerRole.Analyst),
            Grant(CallerRole.Operator) with { DeviceId = "van-1" }, Grant(CallerRole.Device) with { DeviceId = "van-1", Tenant = "acme" },
            Grant(CallerRole.Customer) with { RequestId = requestId },
        })
        {
            var result = another.Validator.Validate(host.Issuer.Issue(grant));

            Assert.Equal("", result.Reason);
            Assert.Equal(
                (grant.Role, grant.Subject, grant.DeviceId, grant.RequestId, grant.Tenant),
                (result.Caller!.Role, result.Caller.Subject, result.Caller.DeviceId, result.Caller.RequestId, result.Caller.Tenant));
            // Tokens have whole seconds; what is allowed for clocks comes on top.
            Assert.InRange(result.Caller.ExpiresAt - grant.ExpiresAt, TimeSpan.FromSeconds(29), TimeSpan.FromSeconds(30));
            Assert.True(another.Validator.Knows(result.Caller.KeyThumbprint.Span));
        }
    }

    [Fact]
    public async Task A_token_ends()
    {
        await using var host = await StartAsync();
        var token = host.Issuer.Issue(Grant(CallerRole.Analyst));

        _time.Advance(TimeSpan.FromMinutes(61));

        Assert.Equal("expired", host.Validator.Validate(token).Reason);
    }

    [Fact]
    public async Task A_token_that_was_taken_back_counts_no_more_and_no_other_is_touched()
    {
        await using var host = await StartAsync(("SymmetricKey", Convert.ToBase64String(_secret)));
        var (grant, other) = (Grant(CallerRole.Analyst), Grant(CallerRole.Analyst));
        var (token, theirs) = (host.Issuer.Issue(grant), TestToken.Sign(_secret, TestToken.Claims(("role", "analyst"), ("jti", "x-1"))));
        var version = host.Validator.Version;
        Assert.Equal(grant.TokenId.ToString("N"), host.Validator.Validate(token).Caller!.TokenId);
        Assert.Equal("x-1", host.Validator.Validate(theirs).Caller!.TokenId);

        host.Revoked.Add(new RevokedToken(grant.TokenId.ToString("N"), grant.ExpiresAt));
        host.Revoked.Add(new RevokedToken("x-1", grant.ExpiresAt));

        Assert.NotEqual(version, host.Validator.Version);
        Assert.Equal((true, "revoked"), (host.Validator.Validate(token).IsRevoked, host.Validator.Validate(token).Reason));
        Assert.True(host.Validator.Validate(theirs).IsRevoked);
        Assert.Equal("", host.Validator.Validate(host.Issuer.Issue(other)).Reason);
        // One that cannot be named cannot be taken back.
        foreach (var id in new[] { null, "", new string('x', 256) })
        {
            Assert.Null(host.Validator.Validate(
                TestToken.Sign(_secret, TestToken.Claims(("role", "analyst"), ("jti", id)))).Caller!.TokenId);
        }
    }

    [Fact]
    public async Task Until_it_is_known_what_was_taken_back_nobody_gets_in_whose_token_could_be()
    {
        var revoked = new RevokedTokens(isKnown: false);
        await File.WriteAllTextAsync(KeyFile, TokenServices.NewLocalKey(), TestContext.Current.CancellationToken);
        await using var host = await TokenHost.StartAsync(
            _time, revoked, ("LocalKeyFile", KeyFile), ("SymmetricKey", Convert.ToBase64String(_secret)));
        var token = host.Issuer.Issue(Grant(CallerRole.Analyst));

        Assert.Equal((true, "revocations_unknown"), (host.Validator.Validate(token).IsUnavailable, host.Validator.Validate(token).Reason));
        Assert.Equal("", host.Validator.Validate(TestToken.Sign(_secret, TestToken.Claims(("role", "analyst")))).Reason);

        revoked.Know([], _time.GetUtcNow());
        Assert.Equal("", host.Validator.Validate(token).Reason);
    }

    [Fact]
    public async Task Neither_key_counts_for_the_tokens_of_the_other()
    {
        await using var host = await StartAsync(("SymmetricKey", Convert.ToBase64String(_secret)));
        using var local = ECDsa.Create();
        local.ImportFromPem(await File.ReadAllTextAsync(KeyFile, TestContext.Current.CancellationToken));
        var theirs = TestToken.Claims(("role", "dispatcher"));
        var ours = TestToken.Claims(("role", "dispatcher"), ("iss", "artmqtt"), ("aud", "artmqtt"));

        Assert.Equal("", host.Validator.Validate(TestToken.Sign(_secret, theirs)).Reason);
        Assert.Equal("", host.Validator.Validate(TestToken.Sign(local, ours)).Reason);
        Assert.Equal("key_unknown", host.Validator.Validate(TestToken.Sign(local, theirs)).Reason);
        Assert.Equal("algorithm", host.Validator.Validate(TestToken.Sign(_secret, ours)).Reason);
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        Assert.Equal("signature", host.Validator.Validate(TestToken.Sign(other, ours)).Reason);
        ours["aud"] = "somebody";
        Assert.Equal("audience", host.Validator.Validate(TestToken.Sign(local, ours)).Reason);
    }

    [Fact]
    public async Task The_words_of_another_issuer_are_not_ours()
    {
        await using var host = await StartAsync(
            ("SymmetricKey", Convert.ToBase64String(_secret)), ("RoleClaim", "realm_access.roles"), ("DefaultRole", "analyst"),
            ("Algorithms:0", "HS256"));

        Assert.Equal(CallerRole.Dispatcher, host.Validator.Validate(host.Issuer.Issue(Grant(CallerRole.Dispatcher))).Caller!.Role);
        Assert.Equal(CallerRole.Analyst, host.Validator.Validate(TestToken.Sign(_secret, TestToken.Claims())).Caller!.Role);
    }

    [Fact]
    public async Task Without_a_key_nothing_is_issued_and_nothing_of_it_accepted()
    {
        await using var host = await StartAsync();
        var token = host.Issuer.Issue(Grant(CallerRole.Admin));
        await using var another = await TokenHost.StartAsync(("SymmetricKey", Convert.ToBase64String(_secret)));

        Assert.False(another.Issuer.IsEnabled);
        Assert.Throws<InvalidOperationException>(() => another.Issuer.Issue(Grant(CallerRole.Admin)));
        Assert.Equal("key_unknown", another.Validator.Validate(token).Reason);
    }

    [Theory]
    [InlineData("LocalIssuer", TestToken.Issuer)]
    [InlineData("LocalIssuer", "")]
    [InlineData("LocalKeyFile", "/nowhere/token-key")]
    [InlineData("LocalMaxLifetime", "00:00:01")]
    public async Task What_would_be_mixed_up_or_is_no_key_stops_the_start(string key, string value) =>
        await Assert.ThrowsAsync<OptionsValidationException>(() => StartAsync((key, value)));

    [Fact]
    public async Task A_file_that_holds_something_else_stops_the_start()
    {
        using var rsa = RSA.Create(2048);
        foreach (var text in new[] { "", "nonsense", rsa.ExportPkcs8PrivateKeyPem(), ECDsa.Create(ECCurve.NamedCurves.nistP384).ExportPkcs8PrivateKeyPem() })
        {
            await File.WriteAllTextAsync(KeyFile, text, TestContext.Current.CancellationToken);
            await Assert.ThrowsAsync<OptionsValidationException>(() => StartAsync());
        }
    }

    private TokenGrant Grant(CallerRole role) => new(role, _time.GetUtcNow() + TimeSpan.FromHours(1));

    private async Task<TokenHost> StartAsync(params (string Key, string? Value)[] settings)
    {
        if (!File.Exists(KeyFile))
        {
            await File.WriteAllTextAsync(KeyFile, TokenServices.NewLocalKey(), TestContext.Current.CancellationToken);
        }

        return await TokenHost.StartAsync(_time, [("LocalKeyFile", KeyFile), .. settings]);
    }
}
