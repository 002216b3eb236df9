using System.Diagnostics;
using System.Globalization;
using ArtMqtt.TestKit;

namespace ArtMqtt.DeviceAgent.Tests.Sources;

/// <summary>A real gpsd on a port of its own, alone or under gpsfake; ends with everything it started.</summary>
internal sealed class Gpsd : IDisposable
{
    private const string Daemon = "/usr/sbin/gpsd";
    private const string Fake = "/usr/bin/gpsfake";

    private Process? _process;

    /// <summary>TCP port.</summary>
    public int Port { get; } = Ports.Free();

    /// <summary>Plays a recording once, as soon as somebody watches.</summary>
    public static Gpsd Play(string recording)
    {
        Assert.SkipUnless(File.Exists(Fake) && File.Exists(Daemon), "gpsd and gpsfake are not installed.");
        var gpsd = new Gpsd();
        gpsd.StartProcess(
            Fake, "-1", "-q", "-t", "-c", "0.01", "-P", gpsd.Port.ToString(CultureInfo.InvariantCulture), recording);
        return gpsd;
    }

    /// <summary>Serves receivers at serial ports.</summary>
    public static Gpsd Serve(params string[] ports)
    {
        Assert.SkipUnless(File.Exists(Daemon), "gpsd is not installed.");
        var gpsd = new Gpsd();
        gpsd.Start(ports);
        return gpsd;
    }

    /// <summary>Starts it (again) on the same port.</summary>
    public void Start(params string[] ports) => StartProcess(
        Daemon, ["-N", "-n", "-b", "-S", Port.ToString(CultureInfo.InvariantCulture), .. ports]);

    /// <summary>Ends it and waits until it has.</summary>
    public void End()
    {
        if (_process is null)
        {
            return;
        }

        // gpsfake leaves its gpsd behind.
        _process.Kill(entireProcessTree: true);
        _process.WaitForExit();

        _process.Dispose();
        _process = null;
    }

    /// <inheritdoc/>
    public void Dispose() => End();

    private void StartProcess(string program, params string[] arguments)
    {
        _process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        })!;
        _process.ErrorDataReceived += (_, _) => { };
        _process.OutputDataReceived += (_, _) => { };
        _process.BeginErrorReadLine();
        _process.BeginOutputReadLine();
    }
}
