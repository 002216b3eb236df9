using System.CommandLine;

namespace ArtMqtt.Load.Commands;

/// <summary>Bounds on options: nothing the generator does is without a limit.</summary>
internal static class OptionBounds
{
    /// <summary>Refuses values outside the range.</summary>
    public static Option<int> Between(this Option<int> option, int lowest, int highest)
    {
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is var value && (value < lowest || value > highest))
            {
                result.AddError($"{option.Name} is {lowest:N0} to {highest:N0}.");
            }
        });
        return option;
    }
}
