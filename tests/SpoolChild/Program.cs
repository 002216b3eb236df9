using ArtMqtt.SpoolChild;

// A process with a spool, for tests that kill it or take its disk away.
return args switch
{
    ["append", var folder] => await Appending.RunAsync(folder),
    ["fill", var folder] => await Filling.RunAsync(folder),
    ["open", var folder] => await Opening.RunAsync(folder),
    _ => 64,
};
