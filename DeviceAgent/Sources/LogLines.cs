using System.Runtime.CompilerServices;
using System.Text;

namespace ArtMqtt.DeviceAgent.Sources;

/// <summary>Lines of a log that may hold anything: bytes as Latin-1, ends at CR or LF, never longer than a limit.</summary>
internal static class LogLines
{
    /// <summary>Longer lines are cut into pieces of this many characters; a sentence has at most 82.</summary>
    public const int MaxLength = 1024;

    /// <summary>The lines that are not empty.</summary>
    public static async IAsyncEnumerable<string> ReadAsync(
        Stream stream, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var buffer = new byte[1 << 14];
        var line = new StringBuilder(MaxLength);
        int count;
        while ((count = await stream.ReadAsync(buffer, cancellationToken)) > 0)
        {
            for (var i = 0; i < count; i++)
            {
                var isEnd = buffer[i] is (byte)'\r' or (byte)'\n';
                if (!isEnd)
                {
                    line.Append((char)buffer[i]);
                }

                if (line.Length == MaxLength || (isEnd && line.Length > 0))
                {
                    yield return line.ToString();
                    line.Clear();
                }
            }
        }

        if (line.Length > 0)
        {
            yield return line.ToString();
        }
    }
}
