using System.Globalization;
using System.Text;
using System.Xml;

namespace ArtMqtt.WebGateway.Exports;

/// <summary>What GPX and KML have in common.</summary>
internal static class ExportXml
{
    private static readonly XmlWriterSettings _settings = new() { Encoding = new UTF8Encoding(false), CloseOutput = false };

    public static XmlWriter Create(ExportStream output) => XmlWriter.Create(output, _settings);

    /// <summary>Shortest form that reads back the same; without an exponent, which XML's decimals have not.</summary>
    public static string Number(double value) => WithoutExponent(value.ToString(CultureInfo.InvariantCulture));

    /// <inheritdoc cref="Number(double)"/>
    public static string Number(float value) => WithoutExponent(value.ToString(CultureInfo.InvariantCulture));

    /// <inheritdoc cref="Number(double)"/>
    public static string Number(float? value) => value is { } known ? Number(known) : "";

    /// <summary>Text with U+FFFD for what XML 1.0 cannot hold.</summary>
    public static string Text(string value)
    {
        var text = new StringBuilder(value.Length);
        foreach (var rune in value.EnumerateRunes())
        {
            var isAllowed = !rune.IsBmp || XmlConvert.IsXmlChar((char)rune.Value);
            text.Append(isAllowed ? rune : Rune.ReplacementChar);
        }

        return text.ToString();
    }

    private static string WithoutExponent(string number) => number.Contains('E', StringComparison.Ordinal)
        ? decimal.Parse(number, NumberStyles.Float, CultureInfo.InvariantCulture).ToString(CultureInfo.InvariantCulture)
        : number;
}
