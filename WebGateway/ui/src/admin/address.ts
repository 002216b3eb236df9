import { useMemo, useSyncExternalStore } from 'react';

/** What `/admin` shows, as its address says: the view and what it needs to know. */
export interface Address {
  readonly view: string;
  readonly params: URLSearchParams;
}

const moved = 'artmqtt:moved';

/** Reads `?view=devices&…`; without a view, the map. */
export function readAddress(search: string): Address {
  const params = new URLSearchParams(search);
  const view = params.get('view') ?? 'map';
  params.delete('view');
  return { view, params };
}

/** The address of a view; the map's own part stays behind the #. */
export function addressOf(view: string, params: Readonly<Record<string, string>> = {}): string {
  const query = new URLSearchParams({ ...(view !== 'map' && { view }), ...params }).toString();
  return `/admin${query === '' ? '' : `?${query}`}${location.hash}`;
}

/** Shows another view; the browser's back button returns. */
export function go(view: string, params?: Readonly<Record<string, string>>): void {
  history.pushState(null, '', addressOf(view, params));
  dispatchEvent(new Event(moved));
}

const subscribe = (changed: () => void): (() => void) => {
  addEventListener('popstate', changed);
  addEventListener(moved, changed);
  return () => {
    removeEventListener('popstate', changed);
    removeEventListener(moved, changed);
  };
};

/** Where the page is, and again when that changes. */
export function useAddress(): Address {
  const search = useSyncExternalStore(subscribe, () => location.search);
  return useMemo(() => readAddress(search), [search]);
}
