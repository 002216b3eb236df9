namespace ArtMqtt.Broker.Tests.Support.Wire;

/// <summary>Lets time pass: intervals of MQTT are whole seconds, and another broker's clock cannot be moved.</summary>
internal static class Pass
{
    public static Task SecondsAsync(double seconds) =>
        Task.Delay(TimeSpan.FromSeconds(seconds), TimeProvider.System, TestContext.Current.CancellationToken);
}
