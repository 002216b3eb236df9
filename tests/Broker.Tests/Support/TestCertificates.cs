using System.Diagnostics;
using ArtMqtt.TestKit;

namespace ArtMqtt.Broker.Tests.Support;

/// <summary>Authorities and certificates made by <c>openssl</c>, as docs/operations.md shows it.</summary>
internal sealed class TestCertificates : IDisposable
{
    private readonly TestFolder _folder = new();

    /// <summary>Path of a file, by its name.</summary>
    public string this[string name] => Path.Combine(_folder.Path, name);

    /// <summary>Makes a root: <c>{name}.pem</c> and <c>{name}.key</c>.</summary>
    public Task MakeAuthorityAsync(string name) => RunAsync(
        "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "30",
        "-subj", $"/CN={name}", "-keyout", $"{name}.key", "-out", $"{name}.pem",
        "-addext", "basicConstraints=critical,CA:TRUE", "-addext", "keyUsage=critical,keyCertSign,cRLSign");

    /// <summary>Makes a certificate: <c>{name}.pem</c> and <c>{name}.key</c>.</summary>
    /// <param name="name">Name of the files.</param>
    /// <param name="authority">Who signs.</param>
    /// <param name="subject">Its subject, <c>/CN=truck-1</c>.</param>
    /// <param name="extensions">Lines of its extensions.</param>
    public async Task MakeAsync(string name, string authority, string subject, params string[] extensions)
    {
        await File.WriteAllLinesAsync(this[$"{name}.ext"], extensions);
        await RunAsync(
            "req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", subject,
            "-keyout", $"{name}.key", "-out", $"{name}.csr");
        await RunAsync(
            "x509", "-req", "-in", $"{name}.csr", "-CA", $"{authority}.pem", "-CAkey", $"{authority}.key",
            "-days", "30", "-extfile", $"{name}.ext", "-out", $"{name}.pem");
    }

    /// <summary>Makes the server's certificate, for 127.0.0.1.</summary>
    public Task MakeServerAsync(string name, string authority) =>
        MakeAsync(name, authority, "/CN=localhost", "subjectAltName=IP:127.0.0.1,DNS:localhost", "extendedKeyUsage=serverAuth");

    public void Dispose() => _folder.Dispose();

    private async Task RunAsync(params string[] arguments)
    {
        var result = await ProcessRunner.RunAsync(
            new ProcessStartInfo("openssl", arguments) { WorkingDirectory = _folder.Path }, TimeSpan.FromMinutes(1));
        Assert.True(result.ExitCode == 0, result.Error);
    }
}
