namespace ArtMqtt.Spool.Tests;

public sealed class MemorySpoolTests : SpoolContract
{
    protected override ISpool Create() => new MemorySpool(Options);
}
