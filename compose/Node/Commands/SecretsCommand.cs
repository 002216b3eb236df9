using System.CommandLine;
using ArtMqtt.Node.Secrets;

namespace ArtMqtt.Node.Commands;

/// <summary><c>secrets</c>: makes an installation's secrets before its first start, for those who hand them to its nodes.</summary>
internal static class SecretsCommand
{
    /// <summary>The verb.</summary>
    public const string Name = "secrets";

    /// <summary>Builds the verb and those below it.</summary>
    public static Command Build()
    {
        var folder = new Argument<DirectoryInfo>("folder") { Description = "where they are put; made when it is missing" };
        var create = new Command("create", "Makes the secrets that a folder lacks; those that are there stay") { folder };
        create.SetAction(parsed =>
        {
            var path = parsed.GetRequiredValue(folder).FullName;
            try
            {
                NodeSecrets.ReadOrCreate(path, null, Path.Combine(path, NodeSecrets.TokenKeyName));
            }
            catch (StartException e)
            {
                throw new CommandException(e.Message);
            }
        });
        return new Command(Name, "Secrets of an installation") { create };
    }
}
