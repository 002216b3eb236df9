using System.Globalization;
using System.Text;

namespace ArtMqtt.Load.Brokers;

/// <summary>The comparison as a picture: each row a group of bars, each bar relative to the best of its row.</summary>
internal static class BrokerChart
{
    private const int Width = 820;
    private const int LabelWidth = 360;
    private const int BarHeight = 13;
    private const int Top = 40;
    private static readonly string[] _colours = ["#0b7285", "#868e96", "#e8590c", "#5c940d"];

    public static string Write(BrokerComparison comparison)
    {
        var (names, rows) = (comparison.Names, comparison.Rows().ToList());
        var group = (names.Count * BarHeight) + 12;
        var picture = new StringBuilder();
        picture.Append(CultureInfo.InvariantCulture, $"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{Width}\" height=\"{Top + (rows.Count * group)}\" ");
        picture.Append("font-family=\"sans-serif\" font-size=\"12\">\n<rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n");
        for (var i = 0; i < names.Count; i++)
        {
            picture.Append(CultureInfo.InvariantCulture, $"<rect x=\"{10 + (i * 180)}\" y=\"10\" width=\"12\" height=\"12\" fill=\"{_colours[i % _colours.Length]}\"/>");
            picture.Append(CultureInfo.InvariantCulture, $"<text x=\"{28 + (i * 180)}\" y=\"20\">{names[i]}</text>\n");
        }

        for (var i = 0; i < rows.Count; i++)
        {
            Group(picture, comparison, rows[i], Top + (i * group));
        }

        return picture.Append("</svg>\n").ToString();
    }

    private static void Group(StringBuilder picture, BrokerComparison comparison, BrokerRow row, int y)
    {
        var medians = comparison.Names.Select(name => comparison.Of(row, name).Median).ToList();
        var longest = medians.Max();
        picture.Append(CultureInfo.InvariantCulture, $"<text x=\"10\" y=\"{y + 14}\">{row.Label}{(row.MoreIsBetter ? "" : " (less is better)")}</text>\n");
        for (var i = 0; i < medians.Count; i++)
        {
            var width = longest > 0 ? Math.Max(1, medians[i] / longest * (Width - LabelWidth - 90)) : 1;
            var top = y + (i * BarHeight);
            picture.Append(CultureInfo.InvariantCulture, $"<rect x=\"{LabelWidth}\" y=\"{top}\" width=\"{width:F0}\" height=\"{BarHeight - 2}\" fill=\"{_colours[i % _colours.Length]}\"/>");
            picture.Append(CultureInfo.InvariantCulture, $"<text x=\"{LabelWidth + width + 5:F0}\" y=\"{top + 10}\" font-size=\"11\">{medians[i].ToString(row.Format, CultureInfo.InvariantCulture)}</text>\n");
        }
    }
}
