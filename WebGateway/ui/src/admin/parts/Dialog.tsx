import { useEffect, useId, useRef, type FormEvent, type ReactNode } from 'react';
import type { ApiError } from '../api';
import { texts } from './texts';

/** A question over the page. Escape and the first button leave everything as it is. */
export function Dialog({ title, children, yes, no = yes === undefined ? texts.close : texts.cancel, isBad = false, isBusy = false, error, onYes, onClose }: {
  readonly title: string;
  readonly children?: ReactNode;
  /** What the button that does it says; without one, there is only something to read. */
  readonly yes?: string;
  /** What the button that does nothing says. */
  readonly no?: string;
  readonly isBad?: boolean;
  readonly isBusy?: boolean;
  readonly error?: ApiError | null;
  /** Gets what was filled in. */
  readonly onYes?: (form: FormData) => void;
  readonly onClose: () => void;
}) {
  const id = useId();
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    onYes?.(new FormData(event.currentTarget));
  };

  return (
    <dialog ref={dialog} className="ops-dialog sheet" aria-labelledby={id} onCancel={onClose} onClose={onClose}>
      <form onSubmit={submit}>
        <h2 className="headline" id={id}>{title}</h2>
        {children}
        {error && <p className="banner is-bad" role="alert">{error.message}</p>}
        <div className="ops-dialog-actions">
          <button className="button" type="button" onClick={onClose}>{no}</button>
          {yes && (
            <button className={`button ${isBad ? 'is-bad' : 'is-main'}`} type="submit" disabled={isBusy}>{yes}</button>
          )}
        </div>
      </form>
    </dialog>
  );
}
