namespace ArtMqtt.Contracts.Tests;

public sealed class DeviceIdsTests
{
    [Theory]
    [InlineData("a")]
    [InlineData("truck-1")]
    [InlineData("0._-9z")]
    [InlineData("-")]
    public void Accepts_topic_levels_that_are_file_names(string id) => Assert.True(DeviceIds.IsValid(id));

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("A")]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData(".a")]
    [InlineData("a/b")]
    [InlineData("a+b")]
    [InlineData("a#")]
    [InlineData("a\0")]
    [InlineData("ä")]
    [InlineData("a\n")]
    public void Refuses_everything_else(string id) => Assert.False(DeviceIds.IsValid(id));

    [Fact]
    public void Is_64_characters_at_most()
    {
        Assert.True(DeviceIds.IsValid(new string('a', 64)));
        Assert.False(DeviceIds.IsValid(new string('a', 65)));
    }
}
