/** The history page with the route of a device or request in a period, given in ms; up to the end of its minute. */
export function historyAddress(kind: 'device' | 'request', id: string, from: number, to: number): string {
  const minute = 60_000;
  const iso = (ms: number): string => new Date(ms).toISOString();
  return `/history?${new URLSearchParams({
    [kind]: id, from: iso(Math.floor(from / minute) * minute), to: iso(Math.ceil((to + 1) / minute) * minute),
  })}`;
}
