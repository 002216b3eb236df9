using ArtMqtt.Contracts.Positions;
using ArtMqtt.Store.Positions;

namespace ArtMqtt.WebGateway.Letters;

/// <summary>
/// Takes dead letters in once more. A letter goes only after its positions are durable, so at worst a position is taken in
/// twice, which is harmless.
/// </summary>
internal sealed class LetterRetry(DeadLetterRepository letters, IEnumerable<IDeadLetterDoor> doors)
{
    /// <summary>Most letters in one call.</summary>
    public const int MaxLetters = 500;

    private readonly IDeadLetterDoor? _door = doors.FirstOrDefault();

    /// <summary>Whether this node has a broker that takes them.</summary>
    public bool IsHere => _door is not null;

    /// <summary>Takes one letter in again.</summary>
    public async Task<RetryView> RetryAsync(
        DeadLetterFilter filter, long id, RejectedPayload letter, CancellationToken cancellationToken)
    {
        var result = await _door!.RetryAsync(letter, cancellationToken);
        if (result.ErrorCode is null)
        {
            await letters.DeleteOneAsync(filter, id, cancellationToken);
            return new RetryView(1, result.Accepted, 0, null, null);
        }

        // The reason of those the database refused says that they were acknowledged, and keeps them from being forgotten.
        if (letter.Code is not (RejectedPayload.RefusedByStoreCode or RejectedPayload.UnreadableRecordCode))
        {
            await letters.RefuseAsync(id, result.ErrorCode, result.Detail ?? "", cancellationToken);
        }

        return new RetryView(0, result.Accepted, 1, null, $"{result.ErrorCode}: {result.Detail}");
    }

    /// <summary>Takes letters in again, newest first, at most <see cref="MaxLetters"/>.</summary>
    /// <returns>What became of them; null when there are some and no broker is here.</returns>
    public async Task<RetryView?> RetryAllAsync(DeadLetterFilter filter, long before, CancellationToken cancellationToken)
    {
        var all = new RetryView(0, 0, 0, null, null);
        var page = await letters.ReadAsync(filter, before, MaxLetters, cancellationToken);
        if (page.Count > 0 && !IsHere)
        {
            return null;
        }

        foreach (var (id, letter) in page)
        {
            var one = await RetryAsync(filter, id, letter, cancellationToken);
            all = new RetryView(
                all.Removed + one.Removed, all.Accepted + one.Accepted, all.Kept + one.Kept, null, one.LastError ?? all.LastError);
        }

        return all with { Next = page.Count == MaxLetters ? page[^1].Id : null };
    }
}
