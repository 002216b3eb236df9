import { useEffect, useId, useRef, type ReactNode } from 'react';
import './dialog.css';

/** What has to be answered before anything else; Escape calls `onClose`. Its buttons are the caller's. */
export function Dialog({ title, children, onClose }: {
  readonly title: string; readonly children: ReactNode; readonly onClose: () => void;
}) {
  const dialog = useRef<HTMLDialogElement>(null);
  const titleId = useId();
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog ref={dialog} className="dialog sheet" aria-labelledby={titleId} onClose={onClose}>
      <h2 className="headline" id={titleId}>{title}</h2>
      {children}
    </dialog>
  );
}
