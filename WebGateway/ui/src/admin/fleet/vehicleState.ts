import { onPaletteChange } from '@artmqtt/element/map';
import type { VehicleNow } from './frame';

/** What a vehicle does, for its colour and for the counts. */
export type VehicleState = 'free' | 'assigned' | 'en_route' | 'arrived' | 'in_progress' | 'silent';

export const vehicleStates: readonly VehicleState[] = ['free', 'assigned', 'en_route', 'arrived', 'in_progress', 'silent'];

/** Without news for this long, ms, a vehicle counts as silent. */
const silentAfter = 120_000;

export function stateOf({ status, timestamp }: VehicleNow, now: number): VehicleState {
  return now - timestamp > silentAfter ? 'silent'
    : status === null || status === 'pending' || status === 'completed' || status === 'cancelled' ? 'free' : status;
}

/** The colours of the states, as the page's style has them; read anew when the colour scheme changes. */
export class StateColours {
  private colours = readColours();

  constructor() {
    onPaletteChange(() => { this.colours = readColours(); });
  }

  /** Red, green and blue, 0 to 1. */
  of(state: VehicleState): readonly [number, number, number] {
    return this.colours[state];
  }
}

function readColours(): Record<VehicleState, readonly [number, number, number]> {
  const style = getComputedStyle(document.documentElement);
  return Object.fromEntries(vehicleStates.map(state => [state, rgb(style.getPropertyValue(`--state-${state}`))])) as
    Record<VehicleState, readonly [number, number, number]>;
}

/** `#rrggbb`, or `#rgb` as builds shorten it, as numbers of 0 to 1. */
export function rgb(colour: string): readonly [number, number, number] {
  const digits = colour.trim().slice(1);
  const number = parseInt(digits.length === 3 ? [...digits].map(digit => digit + digit).join('') : digits, 16);
  return [(number >> 16 & 255) / 255, (number >> 8 & 255) / 255, (number & 255) / 255];
}
