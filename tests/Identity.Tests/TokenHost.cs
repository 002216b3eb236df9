using ArtMqtt.Contracts.Security;
using ArtMqtt.TestKit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace ArtMqtt.Identity.Tests;

/// <summary>A host with the tokens, registered as in a node.</summary>
internal sealed class TokenHost : IAsyncDisposable
{
    private readonly IHost _host;

    private TokenHost(IHost host) => _host = host;

    public TokenValidator Validator => _host.Services.GetRequiredService<TokenValidator>();

    public TokenIssuer Issuer => _host.Services.GetRequiredService<TokenIssuer>();

    public RevokedTokens Revoked => _host.Services.GetRequiredService<RevokedTokens>();

    /// <summary>Starts it; audience and issuer are those of <see cref="TestToken"/>.</summary>
    public static async Task<TokenHost> StartAsync(params (string Key, string? Value)[] settings) =>
        await StartAsync(null, settings);

    public static Task<TokenHost> StartAsync(TimeProvider? time, params (string Key, string? Value)[] settings) =>
        StartAsync(time, revoked: null, settings);

    public static async Task<TokenHost> StartAsync(
        TimeProvider? time, RevokedTokens? revoked, params (string Key, string? Value)[] settings)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration["Tokens:Issuer"] = TestToken.Issuer;
        builder.Configuration["Tokens:Audience"] = TestToken.Audience;
        builder.Configuration["Tokens:MinRefreshInterval"] = "00:00:00.200";
        foreach (var (key, value) in settings)
        {
            builder.Configuration[$"Tokens:{key}"] = value;
        }

        builder.Services.AddSingleton(time ?? TimeProvider.System);
        if (revoked is not null)
        {
            builder.Services.AddSingleton(revoked);
        }

        builder.Services.AddTokens().AddTokens();
        var host = new TokenHost(builder.Build());
        await host._host.StartAsync(TestContext.Current.CancellationToken);
        return host;
    }

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync(CancellationToken.None);
        _host.Dispose();
    }
}
