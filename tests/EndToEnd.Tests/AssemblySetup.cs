using ArtMqtt.EndToEnd.Tests.Browsers;
using ArtMqtt.TestKit;
using Xunit.Sdk;
using Xunit.v3;

// Each test starts processes and some a browser: side by side they would only take the processor from each other.
[assembly: Parallelization(Mode = ParallelMode.None)]
[assembly: AssemblyFixture(typeof(TimescaleServer))]
[assembly: AssemblyFixture(typeof(Chromium))]
