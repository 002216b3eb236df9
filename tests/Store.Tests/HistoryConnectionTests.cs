using Npgsql;

namespace ArtMqtt.Store.Tests;

public sealed class HistoryConnectionTests
{
    [Theory]
    [InlineData("Host=db", "r1,r2:5433", "r1:5432,r2:5433,db:5432")]
    [InlineData("Host=a,b;Port=6000", " r ", "r:6000,a:6000,b:6000")]
    [InlineData("Host=[::1]", "[::2]:5433", "[::2]:5433,[::1]:5432")]
    public void Replicas_come_before_the_primary(string primary, string replicas, string hosts)
    {
        var builder = new NpgsqlConnectionStringBuilder(HistoryConnection.Of(primary, replicas));

        Assert.Equal((hosts, "prefer-standby"), (builder.Host, builder.TargetSessionAttributes));
    }
}
