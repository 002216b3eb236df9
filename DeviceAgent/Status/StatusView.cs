using System.Globalization;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace ArtMqtt.DeviceAgent.Status;

/// <summary>Shows a status in a terminal.</summary>
internal sealed class StatusView(TimeProvider time)
{
    private const int BarWidth = 30;

    private long _mostWaiting;

    /// <summary>Draws one.</summary>
    public IRenderable Draw(AgentStatus status)
    {
        // A backlog that shrinks is progress; a longer one is a new beginning.
        _mostWaiting = status.Waiting == 0 ? 0 : Math.Max(_mostWaiting, status.Waiting);
        var grid = new Grid().AddColumn(new GridColumn().PadRight(3)).AddColumn();
        void Row(string name, string value) => grid.AddRow(new Text(name, new Style(Color.Grey)), new Markup(value));

        Row("device", $"{Markup.Escape(status.DeviceId)}, for {Duration(status.RunsForS)}, {status.MemoryMib} MiB");
        Row("receiver", Receiver(status));
        Row("last fix", status.LastFix is { } fix ? Fix(fix) : "[yellow]none yet[/]");
        Row("clock", status.IsClockSet ? "set" : "[yellow]not set: positions wait for it[/]");
        Row("server", Server(status));
        Row("queue", Queue(status));
        Row("spool", Spool(status));
        Row("positions", string.Create(
            CultureInfo.InvariantCulture,
            $"{status.Judged:N0} judged, {status.Kept:N0} kept, {status.Acknowledged:N0} delivered")
            + (status.Refused + status.GivenUp == 0
                ? ""
                : string.Create(CultureInfo.InvariantCulture, $", [red]{status.Refused:N0} refused, {status.GivenUp:N0} given up[/]")));
        if (status.DailyBytes is > 0 and var daily)
        {
            Row("metered", string.Create(
                CultureInfo.InvariantCulture, $"{(status.Spent ?? 0) / 1024.0:N0} KiB since the start, {daily / 1024.0:N0} KiB in 24 h allowed"));
        }

        return grid;
    }

    private static string Receiver(AgentStatus status)
    {
        var counts = status.Receiver;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{Markup.Escape(status.Source)}: {counts.Fixes:N0} fixes of {counts.Read:N0} messages, ")
            + $"{counts.SatellitesUsed} of {counts.SatellitesInView} satellites";
    }

    private static string Server(AgentStatus status) => status.Server is { } server
        ? $"[green]{Markup.Escape(server)}[/]" + (status.Connects > 1 ? $", connection {status.Connects}" : "")
        : $"[red]none[/] {Markup.Escape(status.Trouble ?? "")}";

    private static string Spool(AgentStatus status)
    {
        var share = status.SpoolCapacity > 0 ? (double)status.SpoolBytes / status.SpoolCapacity : 0;
        var text = string.Create(
            CultureInfo.InvariantCulture, $"{Bar(share)} {share:P1} of {status.SpoolCapacity / 1048576.0:N0} MiB");
        return status switch
        {
            { SpoolFailure: { } failure } => $"{text}, [red]{Markup.Escape(failure)}[/]",
            { IsDurable: false } => $"{text}, [red]in memory: the disk cannot be written[/]",
            _ => text,
        };
    }

    private static string Bar(double share)
    {
        var full = (int)Math.Round(Math.Clamp(share, 0, 1) * BarWidth);
        return $"[green]{new string('█', full)}[/][grey]{new string('░', BarWidth - full)}[/]";
    }

    private static string Duration(long seconds) => TimeSpan.FromSeconds(seconds).ToString("c", CultureInfo.InvariantCulture);

    private string Queue(AgentStatus status) => status.Waiting == 0
        ? "[green]empty[/]"
        : string.Create(
            CultureInfo.InvariantCulture,
            $"{Bar(1 - ((double)status.Waiting / _mostWaiting))} {status.Waiting:N0} of {_mostWaiting:N0} wait");

    private string Fix(LastFix fix) => string.Create(
        CultureInfo.InvariantCulture,
        $"{fix.Lat:F5}, {fix.Lng:F5}, {Math.Max(0, (time.GetUtcNow() - fix.Time).TotalSeconds):F0} s ago");
}
