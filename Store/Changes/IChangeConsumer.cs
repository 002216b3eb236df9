namespace ArtMqtt.Store.Changes;

/// <summary>Is told of row changes, in the order of their commits. Called by one thread; must not wait.</summary>
public interface IChangeConsumer
{
    /// <summary>
    /// Completes when somebody wants to be told. Until then nothing is followed, because the database has to look at
    /// everything it writes for that, positions too.
    /// </summary>
    Task Wanted { get; }

    /// <summary>From now on every change is told. Changes since the last interruption were not, and may have been many.</summary>
    void Begin();

    /// <summary>A row changed.</summary>
    void Change(RowChange change);

    /// <summary>Changes are not told until <see cref="Begin"/>.</summary>
    /// <param name="isOff">The database is not set up for it: it will take an administrator.</param>
    void Interrupt(bool isOff);
}
