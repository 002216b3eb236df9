let skew = 0;

/** Learns from a response how far the clock of this browser is from the server's. Exact to about a second. */
export function learnServerTime(response: Response, askedAt: number): void {
  const date = Date.parse(response.headers.get('date') ?? '');
  if (Number.isFinite(date)) {
    const error = date + 500 - (askedAt + Date.now()) / 2;
    skew = Math.abs(error) > 2_000 ? error : 0;
  }
}

/** A time of this browser's clock as the server counts, ms since 1970. */
export const serverTime = (ms: number): number => ms + skew;

/** The server's time, ms since 1970. */
export const serverNow = (): number => serverTime(Date.now());
