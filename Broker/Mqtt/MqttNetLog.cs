using System.Globalization;
using Microsoft.Extensions.Logging;
using MQTTnet.Diagnostics.Logger;

namespace ArtMqtt.Broker.Mqtt;

/// <summary>
/// MQTTnet's log lines at debug level: any client can cause them, also those it calls errors; what matters is counted.
/// </summary>
internal sealed partial class MqttNetLog(ILogger logger) : IMqttNetLogger
{
    /// <inheritdoc/>
    public bool IsEnabled => logger.IsEnabled(LogLevel.Debug);

    /// <inheritdoc/>
    public void Publish(
        MqttNetLogLevel logLevel, string source, string message, object[] parameters, Exception? exception)
    {
        if (IsEnabled && logLevel != MqttNetLogLevel.Verbose)
        {
            var text = parameters is { Length: > 0 }
                ? string.Format(CultureInfo.InvariantCulture, message, parameters)
                : message;
            Log(exception, source, text);
        }
    }

    [LoggerMessage(LogLevel.Debug, "MQTTnet {Source}: {Text}")]
    private partial void Log(Exception? exception, string source, string text);
}
