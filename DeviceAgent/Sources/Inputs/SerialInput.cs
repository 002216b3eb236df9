using System.IO.Ports;

namespace ArtMqtt.DeviceAgent.Sources.Inputs;

/// <summary>A receiver at a serial port, USB or not: 8 data bits, no parity, one stop bit, as NMEA 0183 has it.</summary>
/// <param name="port">For example <c>/dev/ttyUSB0</c>.</param>
/// <param name="baud">Bits per second; 4,800 by the standard, 9,600 and more by most receivers.</param>
internal sealed class SerialInput(string port, int baud) : IReceiverInput
{
    /// <inheritdoc/>
    public string Name => port;

    /// <inheritdoc/>
    public bool IsLive => true;

    /// <inheritdoc/>
    public ValueTask<Stream> OpenAsync(CancellationToken cancellationToken)
    {
        var serial = new SerialPort(port, baud, Parity.None, 8, StopBits.One);
        try
        {
            serial.Open();
            // Closing the stream closes the port.
            return new(serial.BaseStream);
        }
        catch (Exception e)
        {
            serial.Dispose();
            if (e is ArgumentException)
            {
                // The name of something that is no serial port.
                throw new IOException(e.Message, e);
            }

            throw;
        }
    }
}
