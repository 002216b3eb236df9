namespace ArtMqtt.SpoolChild;

/// <summary>Opens a folder and says what came of it.</summary>
internal static class Opening
{
    public static async Task<int> RunAsync(string folder)
    {
        try
        {
            await using var spool = ChildSpool.Open(folder);
            Console.WriteLine("opened");
            return 0;
        }
        catch (IOException e)
        {
            Console.WriteLine(e.Message);
            return 1;
        }
    }
}
