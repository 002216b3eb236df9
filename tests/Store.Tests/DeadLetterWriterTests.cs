using ArtMqtt.Contracts.Positions;

namespace ArtMqtt.Store.Tests;

public sealed class DeadLetterWriterTests(StoreDatabase database) : IClassFixture<StoreDatabase>
{
    [Fact]
    public async Task Keeps_the_newest_up_to_the_limit()
    {
        var writer = database.DeadLetters(max: 10);

        for (var i = 0; i < 6; i++)
        {
            await writer.WriteAsync([Letter(i * 3), Letter((i * 3) + 1), Letter((i * 3) + 2)], Token);
        }

        Assert.Equal("8,9,10,11,12,13,14,15,16,17", await database.QueryAsync<string>(
            "SELECT string_agg(detail, ',' ORDER BY id) FROM dead_letters"));
        Assert.Equal(RejectedPayload.MaxPayload, await database.QueryAsync<int>(
            "SELECT max(length(payload)) FROM dead_letters"));
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static RejectedPayload Letter(int number) => new(
        "a\0b", "art/devices/a/position", new DateTimeOffset(2026, 3, 1, 0, 0, 0, TimeSpan.Zero), "position_malformed",
        $"{number}", new byte[5000]);
}
