using ArtMqtt.Spool;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace ArtMqtt.Broker.Tests;

public sealed class BrokerServicesTests
{
    [Theory]
    [InlineData(4_000, 1, false)]
    [InlineData(40_000, 1_000, false)]
    [InlineData(50_000, 1_000, true)]
    public void The_largest_payload_must_fit_into_a_record_of_the_spool(int recordBytes, int positions, bool isValid)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Configuration["Spool:MaxRecordBytes"] = $"{recordBytes}";
        builder.Configuration["Broker:MaxPositionsPerPayload"] = $"{positions}";
        builder.Services.AddSpool();
        builder.AddBroker();
        using var services = builder.Services.BuildServiceProvider();

        var failure = Record.Exception(() => services.GetRequiredService<IOptions<SpoolOptions>>().Value);

        Assert.Equal(isValid, failure is null);
        Assert.True(isValid || failure is OptionsValidationException);
    }
}
