namespace ArtMqtt.Node.Draining;

/// <summary>Registration of how a node is stopped.</summary>
internal static class DrainServices
{
    /// <summary>Adds it; options from the section <c>Drain</c>.</summary>
    public static void AddDraining(this WebApplicationBuilder builder)
    {
        builder.Services.AddOptionsWithValidateOnStart<DrainOptions>().BindConfiguration(DrainOptions.Section).ValidateDataAnnotations();
        builder.Services.AddSingleton<NodeDrain>();
        builder.Services.AddSingleton<IHostLifetime, NodeLifetime>();
        builder.Services.AddHealthChecks().AddCheck<DrainHealthCheck>("node", tags: ["ready"]);
    }
}
