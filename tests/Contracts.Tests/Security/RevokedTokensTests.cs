using ArtMqtt.Contracts.Security;

namespace ArtMqtt.Contracts.Tests.Security;

public sealed class RevokedTokensTests
{
    private static readonly DateTimeOffset _now = new(2026, 11, 27, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_token_is_taken_back_once_and_told_once()
    {
        var tokens = new RevokedTokens(isKnown: true);
        var told = 0;
        tokens.Added += () => told++;

        tokens.Add(new RevokedToken("a", _now.AddHours(1)));
        tokens.Add(new RevokedToken("a", _now.AddHours(1)));

        Assert.True(tokens.Contains("a"));
        Assert.False(tokens.Contains("A"));
        Assert.False(tokens.Contains(null));
        Assert.Equal((1, 1L), (told, tokens.Version));
    }

    [Fact]
    public void What_the_store_knows_is_added_and_what_expired_forgotten_but_not_while_a_clock_may_be_behind()
    {
        var tokens = new RevokedTokens(isKnown: false);
        tokens.Add(new RevokedToken("old", _now.AddMinutes(-11)));
        tokens.Add(new RevokedToken("just", _now.AddMinutes(-9)));
        Assert.False(tokens.IsKnown);

        tokens.Know([new RevokedToken("new", _now.AddHours(1))], _now);

        Assert.True(tokens.IsKnown);
        Assert.Equal(["just", "new"], tokens.All.Select(token => token.TokenId).Order());
        // Read again: nothing is new, so nobody has to look again.
        var version = tokens.Version;
        tokens.Know([new RevokedToken("new", _now.AddHours(1))], _now);
        Assert.Equal(version, tokens.Version);
    }
}
