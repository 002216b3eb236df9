import { distance } from '@artmqtt/client';
import type { Fix } from '../storage/database';
import type { Control } from './control';

/** A receiver that ticks every second is a little early now and then. */
const tolerance = 0.9;
const shortestHeartbeatMs = 30_000;

/** How often a device that stands says so, ms. */
export const heartbeatMs = (control: Control): number => Math.max(shortestHeartbeatMs, control.intervalMs * 4);

/** Says which of the receiver's fixes are worth sending. Time is the page's, for receivers repeat themselves. */
export class FixFilter {
  private last: Fix | null = null;
  private takenAt = 0;

  /** Whether to take it; a fix that is taken is the measure of the next. */
  take(fix: Fix, control: Control, now: number): boolean {
    const isWorth = this.last === null || this.isWorth(fix, this.last, control, now);
    if (isWorth) {
      [this.last, this.takenAt] = [fix, now];
    }
    return isWorth;
  }

  /** How long it is too soon for another, ms: a fix that was not taken for that is to be asked about again then. */
  tooSoonFor(control: Control, now: number): number {
    return Math.max(0, Math.ceil(this.takenAt + control.intervalMs * tolerance - now));
  }

  private isWorth(fix: Fix, last: Fix, control: Control, now: number): boolean {
    // Less than what the receiver is unsure of is no way.
    const least = Math.max(control.minDisplacementM, (fix.accuracy ?? 0) / 2);
    const isSoon = this.tooSoonFor(control, now) > 0;
    return fix.timestamp > last.timestamp
      && (now - this.takenAt >= heartbeatMs(control) * tolerance || (!isSoon && distance(last, fix) >= least));
  }
}
