using Microsoft.Extensions.Options;

namespace ArtMqtt.Spool;

/// <summary>Whether options are within their ranges; without reflection, for programs that are trimmed.</summary>
[OptionsValidator]
internal sealed partial class SpoolOptionsValidator : IValidateOptions<SpoolOptions>;
