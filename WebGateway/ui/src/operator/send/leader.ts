/**
 * Runs for as long as this page is the one that measures and sends: of several open pages of this browser it is one, and
 * when that is closed another. Where there are no locks (they need a secure context, as positions do) each is.
 */
export function whenLeading(name: string, lead: () => void, locks: LockManager | undefined = navigator.locks): () => void {
  const end = new AbortController();
  if (locks === undefined) {
    lead();
    return () => undefined;
  }
  void locks.request(name, { signal: end.signal }, () => {
    lead();
    return new Promise<void>(resolve => end.signal.addEventListener('abort', () => resolve()));
  }).catch(() => undefined); // given up before it was its turn
  return () => end.abort();
}
