using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ArtMqtt.Broker.Auth;
using ArtMqtt.Broker.Tests.Support;

namespace ArtMqtt.Broker.Tests.Auth;

/// <summary>Which device a certificate is, and whether it gets in.</summary>
public sealed class CertificateIdentityTests
{
    [Theory]
    [InlineData(SubjectSource.CommonName, "CN=truck-1, O=Firm", null, "truck-1")]
    [InlineData(SubjectSource.CommonName, "CN=truck-1, CN=truck-2", null, null)]
    [InlineData(SubjectSource.CommonName, "O=truck-1", null, null)]
    [InlineData(SubjectSource.CommonName, "CN=Truck 1", null, null)]
    [InlineData(SubjectSource.CommonName, "CN=art/#", "dns:truck-1", null)]
    [InlineData(SubjectSource.SanDns, "CN=truck-1", "dns:truck-2.fleet.example.org", "truck-2")]
    [InlineData(SubjectSource.SanDns, "CN=truck-1", null, null)]
    [InlineData(SubjectSource.SanUri, "CN=truck-1", "uri:urn:artmqtt:device:truck-3", "truck-3")]
    [InlineData(SubjectSource.SanUri, "CN=truck-1", "uri:spiffe://firm/device/truck-4", "truck-4")]
    [InlineData(SubjectSource.SanUri, "CN=truck-1", "dns:truck-2", null)]
    public void Reads_the_device_from_where_the_setting_says(
        SubjectSource source, string subject, string? alternative, string? expected)
    {
        using var node = new Authenticators(source);
        using var certificate = Create(subject, alternative);
        node.Fleet.AddDevice("truck-1");
        node.Fleet.AddDevice("truck-2");
        node.Fleet.AddDevice("truck-3");
        node.Fleet.AddDevice("truck-4");

        Assert.Equal(expected, SignIn(node, certificate).Identity?.DeviceId);
    }

    [Fact]
    public void A_pinned_device_takes_its_own_certificate_only()
    {
        using var node = new Authenticators();
        using var own = Create("CN=truck-1");
        using var other = Create("CN=truck-1");
        node.Fleet.AddDevice("truck-1");
        var identity = SignIn(node, other).Identity!;
        Assert.True(node.Authenticator.IsStillValid(identity));

        node.Fleet.Change("truck-1", d => d with { CertificateHash = own.GetCertHash(HashAlgorithmName.SHA256) });

        Assert.Null(SignIn(node, other).Identity);
        Assert.NotNull(SignIn(node, own).Identity);
        Assert.Equal(IdentityStanding.Revoked, node.Authenticator.Check(identity));
    }

    [Fact]
    public void Ends_with_the_certificate_and_with_the_device()
    {
        using var node = new Authenticators();
        using var certificate = Create("CN=truck-1");
        Assert.Null(SignIn(node, certificate).Identity);
        node.Fleet.AddDevice("truck-1");
        var identity = SignIn(node, certificate).Identity!;

        node.Fleet.Change("truck-1", d => d with { IsEnabled = false });
        Assert.Null(SignIn(node, certificate).Identity);
        Assert.Equal(IdentityStanding.Revoked, node.Authenticator.Check(identity));
        node.Fleet.Change("truck-1", d => d with { IsEnabled = true });
        node.Time.Advance(TimeSpan.FromDays(2));
        Assert.Equal(IdentityStanding.Expired, node.Authenticator.Check(identity));
        Assert.Null(SignIn(node, certificate).Identity);
    }

    [Fact]
    public void Certificate_user_name_and_password_must_agree()
    {
        using var node = new Authenticators();
        using var certificate = Create("CN=truck-1");
        node.Fleet.AddDevice("truck-1");
        node.Fleet.AddDevice("truck-2");

        Assert.NotNull(SignIn(node, certificate, "truck-1").Identity);
        Assert.Null(SignIn(node, certificate, "truck-2").Identity);
        Assert.NotNull(SignIn(node, certificate, "truck-1", "secret-truck-1").Identity);
        Assert.Null(SignIn(node, certificate, "truck-1", "wrong").Identity);
        Assert.Null(SignIn(node, certificate, "truck-2", "secret-truck-2").Identity);
        Assert.Equal(
            ClientKind.Dispatcher, SignIn(node, certificate, "dispatcher", node.Dispatcher.ToString()).Identity!.Kind);
    }

    private static AuthenticationResult SignIn(
        Authenticators node, X509Certificate2 certificate, string? userName = null, string password = "") =>
        node.Authenticator.Authenticate(new ConnectCredentials(
            userName, System.Text.Encoding.UTF8.GetBytes(password), "client", certificate));

    private static X509Certificate2 Create(string subject, string? alternative = null)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(subject, key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        switch (alternative?.Split(':', 2))
        {
            case ["dns", var name]:
                names.AddDnsName(name);
                request.CertificateExtensions.Add(names.Build());
                break;
            case ["uri", var uri]:
                names.AddUri(new Uri(uri));
                request.CertificateExtensions.Add(names.Build());
                break;
        }

        var now = TimeProvider.System.GetUtcNow();
        return request.CreateSelfSigned(now.AddMinutes(-1), now.AddDays(1));
    }
}
