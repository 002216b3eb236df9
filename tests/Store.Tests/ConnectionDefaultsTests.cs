using Npgsql;

namespace ArtMqtt.Store.Tests;

public sealed class ConnectionDefaultsTests
{
    [Fact]
    public void Silence_is_noticed_unless_the_connection_string_says_otherwise()
    {
        var applied = new NpgsqlConnectionStringBuilder(ConnectionDefaults.Apply("Host=db;Username=me"));

        Assert.Equal((5, 30, true, 30), (applied.Timeout, applied.KeepAlive, applied.TcpKeepAlive, applied.TcpKeepAliveTime));
        Assert.Equal(("db", "me", "artmqtt"), (applied.Host, applied.Username, applied.ApplicationName));
    }

    [Theory]
    [InlineData("Host=db;Timeout=20;Keepalive=0;Tcp Keepalive=false;Application Name=mine")]
    [InlineData("Server=db;timeout=20;keepalive=0;tcp keepalive=False;ApplicationName=mine")]
    public void What_the_connection_string_says_stays(string connectionString)
    {
        var applied = new NpgsqlConnectionStringBuilder(ConnectionDefaults.Apply(connectionString));

        Assert.Equal(
            (20, 0, false, "mine"),
            (applied.Timeout, applied.KeepAlive, applied.TcpKeepAlive, applied.ApplicationName));
    }

    [Theory]
    [InlineData("Host=a", null)]
    [InlineData("Host=a,b", "primary")]
    [InlineData("Host=a,b;Target Session Attributes=any", "any")]
    public void Of_several_hosts_the_primary_is_meant(string connectionString, string? target) =>
        Assert.Equal(target, new NpgsqlConnectionStringBuilder(ConnectionDefaults.Apply(connectionString)).TargetSessionAttributes);
}
