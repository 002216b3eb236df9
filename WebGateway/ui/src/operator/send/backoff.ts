/** How long to wait before attempt `failures + 1`, ms: doubles from a second to at most `longest`, with jitter of a half. */
export function backoff(failures: number, longest: number, random: () => number): number {
  const most = Math.min(longest, 1_000 * 2 ** Math.min(failures, 10));
  return most / 2 + random() * (most / 2);
}
