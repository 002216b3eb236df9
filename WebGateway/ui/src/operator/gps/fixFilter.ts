import { distance } from '@artmqtt/client';
import type { Fix } from '../storage/database';
import type { Control } from './control';

/** A receiver that ticks every second is a little early now and then. */
const tolerance = 0.9;
const shortestHeartbeatMs = 30_000;

/** How often a device that stands says so, ms. */
export const heartbeatMs = (control: Control): number => Math.max(shortestHeartbeatMs, control.intervalMs * 4);

/** Says which of the receiver's fixes are worth sending. */
export class FixFilter {
  private last: Fix | null = null;

  /** Whether to take it; a fix that is taken is the measure of the next. */
  take(fix: Fix, control: Control): boolean {
    const isWorth = this.last === null || this.isWorth(fix, this.last, control);
    if (isWorth) {
      this.last = fix;
    }
    return isWorth;
  }

  private isWorth(fix: Fix, last: Fix, control: Control): boolean {
    const elapsed = fix.timestamp - last.timestamp;
    // Less than what the receiver is unsure of is no way.
    const least = Math.max(control.minDisplacementM, (fix.accuracy ?? 0) / 2);
    return elapsed >= heartbeatMs(control) * tolerance
      || (elapsed >= control.intervalMs * tolerance && distance(last, fix) >= least);
  }
}
