import type { MouseEvent, ReactNode } from 'react';
import { addressOf, go } from '../address';

/** A link to another view; with a key held down the browser opens it as it does others. */
export function Go({ view, params, className, children }: {
  readonly view: string;
  readonly params?: Readonly<Record<string, string>>;
  readonly className?: string;
  readonly children: ReactNode;
}) {
  const click = (event: MouseEvent): void => {
    if (event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey) {
      event.preventDefault();
      go(view, params);
    }
  };
  return <a className={className} href={addressOf(view, params)} onClick={click}>{children}</a>;
}
