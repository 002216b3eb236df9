using ArtMqtt.Contracts.Security;

namespace ArtMqtt.Contracts.Tests.Security;

public sealed class AccessTokenTests
{
    private const string Request = "0b8e7bb60c1b4e8a9d0f3f6a52a1c001";

    [Fact]
    public void Reads_what_it_wrote()
    {
        var dispatcher = AccessToken.NewDispatcher();
        Assert.True(AccessToken.TryParse(dispatcher.ToString(), out var parsed));
        Assert.Equal(dispatcher, parsed);
        Assert.Null(parsed.RequestId);
        Assert.Equal((true, false), (parsed.IsDispatcher, parsed.IsAdmin));

        var admin = AccessToken.NewAdmin();
        Assert.True(AccessToken.TryParse(admin.ToString(), out parsed));
        Assert.Equal(admin, parsed);
        Assert.Equal((false, true), (parsed.IsDispatcher, parsed.IsAdmin));
        Assert.StartsWith("a.", admin.ToString(), StringComparison.Ordinal);

        var customer = AccessToken.NewCustomer(Guid.Parse(Request));
        Assert.True(AccessToken.TryParse(customer.ToString(), out parsed));
        Assert.Equal(customer, parsed);
        Assert.Equal((false, false), (parsed.IsDispatcher, parsed.IsAdmin));
        Assert.StartsWith($"c.{Request}.", customer.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("d.")]
    [InlineData("a.")]
    [InlineData("b.secret")]
    [InlineData("D.secret")]
    [InlineData("secret")]
    [InlineData("c.secret")]
    [InlineData($"c.{Request}")]
    [InlineData($"c.{Request}.")]
    [InlineData($"c.{Request}xsecret")]
    [InlineData("c.0b8e7bb6-0c1b-4e8a-9d0f-3f6a52a1c0.secret")]
    [InlineData("c.zb8e7bb60c1b4e8a9d0f3f6a52a1c001.secret")]
    public void Refuses_everything_else(string? text) => Assert.False(AccessToken.TryParse(text, out _));

    [Fact]
    public void Refuses_what_is_too_long_to_be_one() =>
        Assert.False(AccessToken.TryParse("d." + new string('a', 127), out _));

    [Fact]
    public void A_printed_token_is_the_token_and_nothing_else_leaks()
    {
        var token = AccessToken.NewDispatcher();

        Assert.Equal($"d.{token.Secret}", token.ToString());
    }
}
