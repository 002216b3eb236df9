import type { Loaded } from './useLoad';
import { texts } from './texts';

/** What is said instead of, or over, what has not come. */
export function LoadNote({ of, isEmpty, empty }: {
  readonly of: Loaded<unknown>;
  readonly isEmpty: boolean;
  readonly empty: string;
}) {
  return (
    <>
      {of.error && (
        <p className="banner is-bad" role="alert">
          <span className="ops-grow">{of.error.code === 'unreachable' ? texts.unreachable : of.error.message}</span>
          <button className="button" type="button" onClick={of.reload}>{texts.again}</button>
        </p>
      )}
      {of.isLoading && <p className="note" role="status">{texts.loading}</p>}
      {!of.isLoading && !of.error && isEmpty && <p className="panel detail">{empty}</p>}
    </>
  );
}
