using ArtMqtt.Load.Node;

namespace ArtMqtt.Load.Tests;

public sealed class CopyRowsTests
{
    private static readonly byte[] _header = new byte[19];

    [Fact]
    public void Splits_at_rows_and_makes_each_batch_a_copy_of_its_own()
    {
        byte[] row = [0, 2, 0, 0, 0, 1, 9, 0xFF, 0xFF, 0xFF, 0xFF];
        var batches = CopyRows.Split([.. _header, .. row, .. row, .. row, 0xFF, 0xFF], 2).ToList();

        Assert.Equal([2, 1], batches.Select(batch => batch.Rows));
        Assert.Equal([.. _header, .. row, .. row, 0xFF, 0xFF], batches[0].Batch);
        Assert.Equal([.. _header, .. row, 0xFF, 0xFF], batches[1].Batch);
    }

    [Fact]
    public void Refuses_rows_without_an_end() =>
        Assert.Throws<InvalidDataException>(() => CopyRows.Split(_header, 2).ToList());
}
