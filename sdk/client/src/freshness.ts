/** Without news for this long, the position on the map is not where the operator is now, ms. */
const staleAfter = 20_000;
/** Standing vehicles report less often, ms. */
const staleAfterStanding = 75_000;
/** Slower than this is standing, m/s. */
const standing = 0.7;
/** Clocks are allowed to differ by this much before a position counts as old on arrival, ms. */
const clockTolerance = 30_000;

/** How old the newest position is, by our own clock. */
export class Freshness {
  private seenAt = Number.NaN;
  private isStanding = false;

  /** Takes a position at the moment it arrives. Both times in ms since 1970. */
  see(position: { readonly timestamp: number; readonly speed?: number }, now: number): void {
    const lag = now - position.timestamp;
    this.seenAt = lag > clockTolerance ? position.timestamp : now;
    this.isStanding = position.speed !== undefined && position.speed < standing;
  }

  clear(): void {
    this.seenAt = Number.NaN;
  }

  /** Age in ms, or null when nothing was seen yet. */
  age(now: number): number | null {
    return Number.isNaN(this.seenAt) ? null : Math.max(0, now - this.seenAt);
  }

  isStale(now: number): boolean {
    const age = this.age(now);
    return age !== null && age > (this.isStanding ? staleAfterStanding : staleAfter);
  }
}
