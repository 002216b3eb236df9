using System.Text;
using ArtMqtt.Contracts.Security;

namespace ArtMqtt.Contracts.Tests.Security;

public sealed class CredentialHasherTests
{
    private readonly CredentialHasher _hasher = new(Enumerable.Range(0, 32).Select(i => (byte)i).ToArray());

    [Fact]
    public void Verifies_the_right_secret_only()
    {
        var secret = CredentialHasher.NewSecret();
        var hash = _hasher.Hash(secret);

        Assert.Equal(32, hash.Length);
        Assert.True(_hasher.Verify(Encoding.UTF8.GetBytes(secret), hash));
        Assert.False(_hasher.Verify(Encoding.UTF8.GetBytes(secret + "x"), hash));
        Assert.False(_hasher.Verify(Encoding.UTF8.GetBytes(secret[1..]), hash));
        Assert.False(_hasher.Verify([], hash));
        Assert.False(_hasher.Verify(Encoding.UTF8.GetBytes(secret), []));
        Assert.False(_hasher.Verify(Encoding.UTF8.GetBytes(secret), hash.AsSpan(0, 31)));
    }

    [Fact]
    public void Another_key_makes_another_hash()
    {
        var other = new CredentialHasher(new byte[32]);

        Assert.NotEqual(_hasher.Hash("secret"), other.Hash("secret"));
        Assert.Equal(_hasher.Hash("secret"), _hasher.Hash("secret"));
    }

    [Fact]
    public void A_short_key_is_refused() => Assert.Throws<ArgumentException>(() => new CredentialHasher(new byte[31]));

    [Fact]
    public void Keeps_its_own_copy_of_the_key()
    {
        var key = new byte[32];
        var hasher = new CredentialHasher(key);
        var hash = hasher.Hash("secret");
        key[0] = 1;

        Assert.Equal(hash, hasher.Hash("secret"));
    }

    [Fact]
    public void Secrets_are_long_and_never_the_same()
    {
        var secrets = Enumerable.Range(0, 1000).Select(_ => CredentialHasher.NewSecret()).ToHashSet();

        Assert.Equal(1000, secrets.Count);
        Assert.All(secrets, s => Assert.Matches("^[A-Za-z0-9_-]{43}$", s));
    }
}
