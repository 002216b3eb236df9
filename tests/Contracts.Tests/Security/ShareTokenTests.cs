using System.Security.Cryptography;
using ArtMqtt.Contracts.Security;

namespace ArtMqtt.Contracts.Tests.Security;

public sealed class ShareTokenTests
{
    [Fact]
    public void Reads_what_it_wrote_in_21_characters_that_no_messenger_cuts_off()
    {
        for (var i = 0; i < 1_000; i++)
        {
            var bytes = RandomNumberGenerator.GetBytes(36);
            var token = ShareToken.Of(BitConverter.ToUInt32(bytes), bytes.AsSpan(4));
            var text = token.ToString();
            Assert.Equal(21, text.Length);
            Assert.All(token.Code, letter => Assert.True(char.IsAsciiLetterOrDigit(letter)));
            Assert.True(ShareToken.TryParse(text, out var parsed));
            Assert.Equal(token, parsed);
        }
    }

    [Fact]
    public void The_first_80_bits_of_the_hash_are_the_signature()
    {
        var hash = new byte[32];
        hash.AsSpan(0, ShareToken.SignatureBytes).Fill(0xFF);
        Assert.Equal((UInt128.One << 80) - 1, ShareToken.Of(0, hash).Signature);
        hash.AsSpan().Clear();
        hash.AsSpan(ShareToken.SignatureBytes).Fill(0xFF);
        Assert.Equal(UInt128.Zero, ShareToken.Of(0, hash).Signature);
    }

    [Fact]
    public void Smallest_and_largest_are_tokens_and_what_is_above_is_none()
    {
        Assert.Equal("s.0000000000000000000", new ShareToken(0, 0).ToString());
        var largest = new ShareToken(uint.MaxValue, (UInt128.One << 80) - 1).ToString();
        Assert.True(ShareToken.TryParse(largest, out var parsed));
        Assert.Equal(uint.MaxValue, parsed.ShareId);
        Assert.False(ShareToken.TryParse("s." + new string('z', 19), out _));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("s.")]
    [InlineData("s.000000000000000000")]
    [InlineData("s.00000000000000000000")]
    [InlineData("S.0000000000000000000")]
    [InlineData("d.0000000000000000000")]
    [InlineData("s.000000000000000000_")]
    [InlineData("s.000000000000000000é")]
    public void Refuses_everything_else(string? text) => Assert.False(ShareToken.TryParse(text, out _));
}
