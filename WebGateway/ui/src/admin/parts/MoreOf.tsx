import type { Pages } from './usePages';

/** Below a list that is read page by page: what keeps it from being whole. */
export function MoreOf<T>({ pages: { items, error, isLoading, hasMore, more, again }, empty }: {
  readonly pages: Pages<T>; readonly empty: string;
}) {
  return (
    <>
      {error !== null && (
        <p className="banner is-bad" role="alert">{error.message}
          <button className="button" type="button" onClick={items === null ? again : more}>Try again</button>
        </p>
      )}
      {items?.length === 0 && <p className="note">{empty}</p>}
      {items === null && error === null && <p className="note" role="status">Loading</p>}
      {hasMore && error === null && (
        <p><button className="button" type="button" disabled={isLoading} onClick={more}>Show more</button></p>
      )}
    </>
  );
}
