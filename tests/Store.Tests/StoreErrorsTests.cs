using System.Net.Sockets;
using Npgsql;

namespace ArtMqtt.Store.Tests;

public sealed class StoreErrorsTests
{
    [Theory]
    [InlineData("22003", true, false, "other")]
    [InlineData("23514", true, false, "other")]
    [InlineData("P0001", true, false, "other")]
    [InlineData("57014", false, true, "57014")]
    [InlineData("53200", false, true, "53200")]
    [InlineData("54000", false, true, "other")]
    [InlineData("25P04", false, true, "other")]
    [InlineData("53100", false, false, "53100")]
    [InlineData("40P01", false, false, "40P01")]
    [InlineData("ZZ999", false, false, "other")]
    public void What_the_server_says_is_about_the_data_or_about_the_server(
        string state, bool isPermanent, bool isTooMuch, string label)
    {
        var said = new PostgresException("words", "ERROR", "ERROR", state);

        Assert.Equal(
            (isPermanent, !isPermanent, isTooMuch, label),
            (StoreErrors.IsPermanent(said), StoreErrors.IsOutage(said), StoreErrors.IsTooMuch(said),
                StoreFailure.Label(said)));
        Assert.Contains($"{state}: words", StoreFailure.Describe(said), StringComparison.Ordinal);
    }

    [Fact]
    public void A_timeout_of_ours_is_named_and_may_be_too_much()
    {
        var timeout = new NpgsqlException("Exception while reading from stream", new TimeoutException("Too late"));

        Assert.True(StoreErrors.IsOutage(timeout));
        Assert.True(StoreErrors.IsTooMuch(timeout));
        Assert.Equal("timeout", StoreFailure.Label(timeout));
        Assert.Equal("Exception while reading from stream: Too late", StoreFailure.Describe(timeout));
    }

    [Fact]
    public void A_server_that_is_not_there_is_an_outage()
    {
        var refused = new NpgsqlException("Failed to connect", new SocketException((int)SocketError.ConnectionRefused));

        Assert.True(StoreErrors.IsOutage(refused));
        Assert.False(StoreErrors.IsTooMuch(refused));
        Assert.Equal("connection", StoreFailure.Label(refused));
        Assert.Contains("refused", StoreFailure.Describe(refused), StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_no_failure_of_the_database_is_not_taken_for_one()
    {
        Assert.False(StoreErrors.IsOutage(new InvalidOperationException()));
        Assert.False(StoreErrors.IsPermanent(new InvalidOperationException()));
    }
}
