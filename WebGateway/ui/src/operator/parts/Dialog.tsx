import { useEffect, useRef, type ReactNode } from 'react';

/** A question that has to be answered before anything else. */
export function Dialog({ title, children, yes, no, isBad = false, onYes, onNo }: {
  readonly title: string;
  readonly children: ReactNode;
  readonly yes: string;
  readonly no: string;
  readonly isBad?: boolean;
  readonly onYes: () => void;
  readonly onNo: () => void;
}) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog ref={dialog} className="dialog sheet" aria-labelledby="dialog-title" onCancel={onNo}>
      <h2 className="headline" id="dialog-title">{title}</h2>
      {children}
      <div className="actions">
        <button className="button" type="button" onClick={onNo}>{no}</button>
        <button className={`button ${isBad ? 'is-bad' : 'is-main'}`} type="button" onClick={onYes}>{yes}</button>
      </div>
    </dialog>
  );
}
