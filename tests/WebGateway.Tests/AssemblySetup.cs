using ArtMqtt.TestKit;

[assembly: AssemblyFixture(typeof(TimescaleServer))]
