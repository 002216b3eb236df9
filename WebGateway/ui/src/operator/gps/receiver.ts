import type { Fix } from '../storage/database';

/** Why there is no position. */
export type GpsProblem = 'denied' | 'unavailable' | 'timeout' | 'insecure' | 'unsupported';

const patienceMs = 30_000;

/** The phone's receiver, from `start` to `stop`. */
export class Receiver {
  private watch: number | null = null;

  constructor(
    private readonly onFix: (fix: Fix) => void, private readonly onProblem: (problem: GpsProblem) => void,
    private readonly geolocation: Geolocation | undefined = navigator.geolocation) {}

  start(): void {
    if (this.watch !== null) {
      return;
    }
    if (!isSecureContext) {
      this.onProblem('insecure');
    } else if (this.geolocation === undefined) {
      this.onProblem('unsupported');
    } else {
      this.watch = this.geolocation.watchPosition(
        this.take, this.fail, { enableHighAccuracy: true, maximumAge: 0, timeout: patienceMs });
    }
  }

  stop(): void {
    if (this.watch !== null) {
      this.geolocation?.clearWatch(this.watch);
      this.watch = null;
    }
  }

  /** Asks once: many receivers are silent while the phone lies still. */
  ask(): void {
    if (this.watch !== null) {
      this.geolocation?.getCurrentPosition(
        this.take, () => undefined, { enableHighAccuracy: true, maximumAge: 0, timeout: patienceMs });
    }
  }

  private readonly take = (position: GeolocationPosition): void => {
    if (this.watch !== null) {
      this.onFix(readFix(position));
    }
  };

  private readonly fail = (error: GeolocationPositionError): void => {
    const problems: Record<number, GpsProblem> = { 1: 'denied', 2: 'unavailable', 3: 'timeout' };
    this.onProblem(problems[error.code] ?? 'unavailable');
  };
}

/** What the browser measured, without what it does not know or cannot be. */
export function readFix({ coords, timestamp }: GeolocationPosition): Fix {
  return {
    lat: coords.latitude, lng: coords.longitude, timestamp: Math.round(timestamp),
    ...within('speed', coords.speed, 0, 400),
    ...within('heading', coords.heading, 0, 360),
    ...within('accuracy', coords.accuracy, 0, 100_000),
    ...within('altitude', coords.altitude, -12_000, 50_000),
  };
}

const within = (name: string, value: number | null, least: number, most: number): object =>
  value !== null && value >= least && value <= most ? { [name]: Math.round(value * 100) / 100 } : {};
