using System.Security.Cryptography;
using ArtMqtt.Contracts.Security;
using ArtMqtt.WebGateway.Webhooks;

namespace ArtMqtt.WebGateway.Tests;

/// <summary>Signatures and secrets, as Standard Webhooks has them.</summary>
public sealed class WebhookSignatureTests
{
    private static readonly Guid _endpoint = Guid.NewGuid();

    // As published by Standard Webhooks and Svix for implementers.
    [Fact]
    public void The_signature_is_that_of_the_published_example() => Assert.Equal(
        "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
        WebhookSignature.Create(
            "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, """{"test": 2432232314}""",
            Convert.FromBase64String("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")));

    [Fact]
    public void Two_secrets_make_two_signatures_the_newest_first()
    {
        byte[] one = [1, 2, 3], other = [4, 5, 6];
        Assert.Equal(
            $"{WebhookSignature.Create("a", 1, "b", one)} {WebhookSignature.Create("a", 1, "b", other)}",
            WebhookSignature.Create("a", 1, "b", one, other));
    }

    [Fact]
    public void A_secret_is_stored_encrypted_and_comes_back()
    {
        var secrets = new WebhookSecrets(new CredentialHasher(new byte[32]));
        var secret = WebhookSecrets.Create();
        var stored = secrets.Protect(_endpoint, secret);
        Assert.Equal(-1, stored.AsSpan().IndexOf(secret));
        Assert.NotEqual(stored, secrets.Protect(_endpoint, secret));
        Assert.Equal(secret, secrets.Unprotect(_endpoint, stored));
        Assert.Matches("^whsec_[A-Za-z0-9+/]{43}=$", WebhookSecrets.ToText(secret));
    }

    [Fact]
    public void A_secret_of_another_endpoint_or_key_or_one_that_was_changed_is_none()
    {
        var secrets = new WebhookSecrets(new CredentialHasher(new byte[32]));
        var other = new WebhookSecrets(new CredentialHasher(Enumerable.Repeat((byte)1, 32).ToArray()));
        var stored = secrets.Protect(_endpoint, WebhookSecrets.Create());
        Assert.ThrowsAny<CryptographicException>(() => secrets.Unprotect(Guid.NewGuid(), stored));
        Assert.ThrowsAny<CryptographicException>(() => other.Unprotect(_endpoint, stored));
        stored[^1] ^= 1;
        Assert.ThrowsAny<CryptographicException>(() => secrets.Unprotect(_endpoint, stored));
    }
}
