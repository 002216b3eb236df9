using ArtMqtt.TestKit;

namespace ArtMqtt.Store.Tests;

/// <summary>Every query of Grafana's dashboard, asked as Grafana asks: with the role of analysts.</summary>
public sealed class DashboardTests(StoreDatabase database) : IClassFixture<StoreDatabase>
{
    private static readonly DateTimeOffset _from = DateTimeOffset.UnixEpoch;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_panel_has_rows_and_the_columns_that_it_names()
    {
        using var login = new AnalystLogin(database.DataSource);
        await login.PrepareAsync();
        await using var analyst = login.Connect();
        await DriveAsync();
        using var dashboard = Dashboard.Read();
        var variable = dashboard.RootElement.GetProperty("templating").GetProperty("list")[0];
        Assert.Equal("device", variable.GetProperty("name").GetString());
        Assert.Equal("van-1", await AnalystLogin.AskAsync(analyst, variable.GetProperty("query").GetString()!));

        foreach (var panel in Dashboard.Panels(dashboard))
        {
            var title = panel.GetProperty("title").GetString()!;
            var sql = Dashboard.Sql(panel, _from, _from.AddDays(3), "van-1", "van-2");
            Assert.DoesNotContain("$", sql, StringComparison.Ordinal);
            await using var command = analyst.CreateCommand(sql);
            await using var reader = await command.ExecuteReaderAsync(Token);
            var columns = reader.GetColumnSchema().Select(column => column.ColumnName).ToList();
            Assert.True(await reader.ReadAsync(Token), $"{title} has no rows");
            Assert.Empty(Dashboard.Named(panel).Except(columns).Select(column => $"{title}: {column}"));
            if (panel.GetProperty("targets")[0].GetProperty("format").GetString() == "time_series")
            {
                Assert.IsType<DateTime>(reader["time"]);
            }
        }
    }

    [Fact]
    public async Task The_sums_of_a_period_are_those_of_its_positions()
    {
        using var login = new AnalystLogin(database.DataSource);
        await login.PrepareAsync();
        await using var analyst = login.Connect();
        await DriveAsync();
        using var dashboard = Dashboard.Read();

        var positions = await SumAsync("Positions per hour", "positions");
        var kilometres = await SumAsync("Distance per device and day", "distance") / 1_000;

        Assert.Equal(await database.QueryAsync<long>("SELECT count(*) FROM positions"), positions);
        Assert.Equal(2 * 40, kilometres, tolerance: 0.5);

        async Task<double> SumAsync(string title, string column)
        {
            var panel = Dashboard.Panels(dashboard).Single(p => p.GetProperty("title").GetString() == title);
            var sql = Dashboard.Sql(panel, _from, _from.AddDays(3), "van-1", "van-2");
            return Convert.ToDouble(await AnalystLogin.AskAsync(analyst, $"SELECT sum({column}) FROM ({sql}) panel"));
        }
    }

    [Fact]
    public void What_is_provisioned_is_where_compose_puts_it_and_asks_as_the_analysts_do()
    {
        using var dashboard = Dashboard.Read();
        var source = File.ReadAllText(Dashboard.Path("provisioning/datasources/artmqtt.yml"));
        var provider = File.ReadAllText(Dashboard.Path("provisioning/dashboards/artmqtt.yml"));
        var compose = File.ReadAllText(Path.Combine(Repository.Root, "compose", "docker-compose.yml"));

        Assert.Contains("path: /etc/artmqtt/dashboards\n", provider, StringComparison.Ordinal);
        Assert.Contains("- ./grafana/dashboards:/etc/artmqtt/dashboards:ro\n", compose, StringComparison.Ordinal);
        Assert.Contains("- ./grafana/provisioning:/etc/grafana/provisioning:ro\n", compose, StringComparison.Ordinal);
        Assert.Contains("POSTGRES_DB: tracking\n", compose, StringComparison.Ordinal);
        Assert.Contains("user: tracking_analyst\n", source, StringComparison.Ordinal);
        Assert.Contains("timescaledb: true\n", source, StringComparison.Ordinal);
        Assert.All(Dashboard.Panels(dashboard), panel => Assert.Contains(
            $"uid: {panel.GetProperty("datasource").GetProperty("uid").GetString()}\n", source, StringComparison.Ordinal));
    }

    private async Task DriveAsync()
    {
        foreach (var van in (string[])["van-1", "van-2"])
        {
            var device = await database.Devices.CreateAsync(van, null, new byte[32], Token);
            if (device is null)
            {
                return;
            }

            var tables = new TripTables(database, device.Key);
            await tables.WriteAsync(new Drive().Stand(900).Go(20_000, 10).Stand(7_200).Go(-20_000, 15).Stand(600).Positions);
            await tables.SumUpAsync();
            await tables.UpdateAsync();
        }
    }
}
