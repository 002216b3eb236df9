using System.Text;
using ArtMqtt.Broker.Auth;
using ArtMqtt.Broker.Tls;
using ArtMqtt.Contracts.Fleet;
using ArtMqtt.Contracts.Security;
using ArtMqtt.Identity;
using ArtMqtt.TestKit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace ArtMqtt.Broker.Tests.Support;

/// <summary>An authenticator with tokens of a shared key, on a fleet that tests fill by hand.</summary>
internal sealed class Authenticators : IDisposable
{
    public static readonly byte[] TokenKey = Enumerable.Repeat((byte)42, 32).ToArray();
    private readonly IHost _host;

    public Authenticators(SubjectSource source = SubjectSource.CommonName, params (string Key, string Value)[] settings)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration["Tokens:Issuer"] = TestToken.Issuer;
        builder.Configuration["Tokens:Audience"] = TestToken.Audience;
        builder.Configuration["Tokens:SymmetricKey"] = Convert.ToBase64String(TokenKey);
        builder.Configuration["Tokens:ClockSkew"] = "00:00:00";
        foreach (var (key, value) in settings)
        {
            builder.Configuration[key] = value;
        }

        builder.Services.AddSingleton<TimeProvider>(Time).AddTokens();
        builder.Services.AddSingleton<IFleetDirectory>(Fleet).AddSingleton(Fleet.Hasher);
        builder.Services.AddSingleton(new DispatcherCredential(Fleet.Hasher.Hash(Dispatcher.Secret)));
        builder.Services.AddSingleton(new AdminCredential(Fleet.Hasher.Hash(Admin.Secret)));
        builder.Services.AddSingleton(Options.Create(new BrokerTlsOptions { SubjectSource = source }));
        builder.Services.AddSingleton<CertificateIdentity>().AddSingleton<ClientAuthenticator>();
        _host = builder.Build();
    }

    public FakeFleet Fleet { get; } = new();

    public FakeTimeProvider Time { get; } = new(TimeProvider.System.GetUtcNow());

    public AccessToken Dispatcher { get; } = AccessToken.NewDispatcher();

    public AccessToken Admin { get; } = AccessToken.NewAdmin();

    public ClientAuthenticator Authenticator => _host.Services.GetRequiredService<ClientAuthenticator>();

    public AuthenticationResult SignIn(string? userName, string password, string clientId = "client") =>
        Authenticator.Authenticate(new ConnectCredentials(userName, Encoding.UTF8.GetBytes(password), clientId));

    public void Dispose() => _host.Dispose();
}
