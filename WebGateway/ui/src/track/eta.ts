import type { EtaUpdate } from '@artmqtt/client';
import { formatMinutes, formatTime, formatTimes } from './formats';
import { fill, words } from './words';

/** The server says at least every two minutes that an estimate still holds, while positions come. */
const staleAfter = 5 * 60_000;
/** A narrower band is not worth two times of the day, ms. */
const narrow = 2 * 60_000;

/** What the customer reads of an estimate. */
export interface EtaLine {
  readonly value: string;
  readonly detail: string;
  /** Later than was said first, or null. */
  readonly late: string | null;
  readonly isStale: boolean;
}

/** Counts down to the arrival: between two events the value only falls. `now`: the server's time, ms since 1970. */
export function etaLine(eta: EtaUpdate, now: number): EtaLine {
  const minutes = Math.ceil((eta.etaAt - now) / 60_000 - 0.25);
  const isStale = now - eta.computedAt > staleAfter;
  const [low, high] = [eta.computedAt + eta.low * 1_000, eta.computedAt + eta.high * 1_000];
  return {
    value: minutes > 0 ? formatMinutes(minutes) : words.anyMoment,
    detail: isStale ? fill(words.etaAsOf, { time: formatTime(eta.computedAt) })
      : high - low < narrow || formatTime(low) === formatTime(high) ? fill(words.etaAt, { time: formatTime(eta.etaAt) })
        : fill(words.etaBetween, { times: formatTimes(low, high) }),
    late: eta.delayedSeconds === undefined ? null
      : fill(words.later, { minutes: formatMinutes(Math.round(eta.delayedSeconds / 60)) }),
    isStale,
  };
}
