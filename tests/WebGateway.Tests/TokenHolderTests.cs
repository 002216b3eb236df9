using ArtMqtt.Contracts.Security;
using ArtMqtt.WebGateway.Tokens;

namespace ArtMqtt.WebGateway.Tests;

/// <summary>What goes on with a token ends with it, once, and never what came after it on the same connection.</summary>
public sealed class TokenHolderTests : IDisposable
{
    private readonly RevokedTokens _revoked = new(isKnown: true);
    private readonly TokenHolders _holders;
    private readonly List<string> _ended = [];

    public TokenHolderTests() => _holders = new TokenHolders(_revoked);

    public void Dispose() => _holders.Dispose();

    [Fact]
    public void All_that_goes_on_with_the_token_ends_once_and_nothing_else()
    {
        using var one = Enter("a", "one");
        using var two = Enter("a", "two");
        using var other = Enter("b", "other");

        Revoke("a");
        Revoke("c");

        Assert.Equal(["one", "two"], _ended.Order());
    }

    [Fact]
    public void What_begins_with_a_token_that_was_revoked_since_the_sign_in_ends_at_once()
    {
        Revoke("a");

        using var late = Enter("a", "late");

        Assert.Equal(["late"], _ended);
    }

    [Fact]
    public void What_is_over_is_left_alone()
    {
        Enter("a", "over")!.Dispose();

        Revoke("a");

        Assert.Empty(_ended);
    }

    [Fact]
    public void What_ends_may_leave_while_it_is_ended()
    {
        IDisposable? holder = null;
        holder = _holders.Enter("a", () =>
        {
            holder!.Dispose();
            _ended.Add("left");
        });

        Revoke("a");

        Assert.Equal(["left"], _ended);
    }

    [Fact]
    public void Nothing_can_happen_to_a_token_without_an_id() => Assert.Null(_holders.Enter(null, () => _ended.Add("x")));

    private IDisposable? Enter(string tokenId, string name) => _holders.Enter(tokenId, () => _ended.Add(name));

    private void Revoke(string tokenId) => _revoked.Add(new RevokedToken(tokenId, TimeProvider.System.GetUtcNow().AddHours(1)));
}
