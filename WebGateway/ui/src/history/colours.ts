import { rgb } from '../admin/fleet/vehicleState';

export type Rgb = readonly [number, number, number];

/** Speeds, km/h, at which the colours of the scale stand; between them they blend. */
export const speedStops: readonly number[] = [0, 20, 50, 90, 130];
export const vehicleColourCount = 6;

/** The colours of a style sheet: of speeds, of vehicles, of the heat. */
export class RouteColours {
  readonly speeds: readonly Rgb[];
  readonly vehicles: readonly Rgb[];
  readonly heat: readonly Rgb[];
  readonly edge: Rgb;
  readonly accent: string;

  constructor(style: Pick<CSSStyleDeclaration, 'getPropertyValue'>) {
    const all = (name: string, count: number): Rgb[] =>
      Array.from({ length: count }, (_, i) => rgb(style.getPropertyValue(`--${name}-${i}`)));
    this.speeds = all('speed', speedStops.length);
    this.vehicles = all('route', vehicleColourCount);
    this.heat = all('heat', 4);
    this.edge = rgb(style.getPropertyValue('--route-edge'));
    this.accent = style.getPropertyValue('--accent').trim();
  }

  /** @param speed m/s. */
  ofSpeed(speed: number): Rgb {
    return blend(this.speeds, stopOf(speed * 3.6));
  }

  ofVehicle(index: number): Rgb {
    return this.vehicles[index % this.vehicles.length]!;
  }

  /** @param share 0 to 1. */
  ofHeat(share: number): Rgb {
    return blend(this.heat, share * (this.heat.length - 1));
  }
}

/** Where a speed, km/h, stands on the scale: 0 at the first stop, 1 at the second. */
export function stopOf(speed: number): number {
  const next = speedStops.findIndex(stop => stop > speed);
  if (next < 0) {
    return speedStops.length - 1;
  }
  const [low, high] = [speedStops[Math.max(0, next - 1)]!, speedStops[next]!];
  return Math.max(0, next - 1 + (speed - low) / (high - low));
}

export const css = ([red, green, blue]: Rgb, alpha = 1): string =>
  `rgb(${Math.round(red * 255)} ${Math.round(green * 255)} ${Math.round(blue * 255)} / ${alpha})`;

function blend(colours: readonly Rgb[], at: number): Rgb {
  const low = Math.min(colours.length - 1, Math.max(0, Math.floor(at)));
  const [from, to] = [colours[low]!, colours[Math.min(colours.length - 1, low + 1)]!];
  const share = Math.min(1, Math.max(0, at - low));
  return [0, 1, 2].map(i => from[i]! + (to[i]! - from[i]!) * share) as unknown as Rgb;
}
