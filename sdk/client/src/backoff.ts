/** How long to wait before attempt `failures + 1`: doubles from half a second, at most 5 s, with jitter of a half. */
export function backoff(failures: number, random: () => number): number {
  const longest = Math.min(5_000, 500 * 2 ** Math.min(failures, 10));
  return longest / 2 + random() * (longest / 2);
}
