import { SendError, type Place, type PositionToSend } from '@artmqtt/client';
import { serverTime } from './serverClock';

/**
 * `off` until the customer says yes, `stopped` after their no; while it is on `locating`, `on`, `unsent` (it goes on
 * trying) or `lost` (the device does not know where it is); the rest says why it cannot be.
 */
export type SharingState =
  'off' | 'locating' | 'on' | 'unsent' | 'lost' | 'stopped' | 'denied' | 'insecure' | 'missing' | 'refused';

/** What it stands on. */
export interface SharingParts {
  /** Undefined where the browser has none. */
  readonly geolocation: Pick<Geolocation, 'watchPosition' | 'clearWatch'> | undefined;
  readonly isSecure: boolean;
  /** Resolves when the position is durable. */
  readonly send: (position: PositionToSend) => Promise<void>;
  readonly onState: (state: SharingState) => void;
  /** Where the customer is; null when that is no longer shared. */
  readonly onPlace: (place: Place | null) => void;
}

/** Least time between two positions that are sent, ms. */
const pauseMs = 2_000;
const permissionDenied = 1;

/** Whether positions are being sent in this state. */
export const isSharing = (state: SharingState): boolean =>
  state === 'locating' || state === 'on' || state === 'unsent' || state === 'lost';

/** Sends where the customer is, from their yes until their no. Keeps nothing: the next visit begins with `off`. */
export class LocationSharing {
  state: SharingState = 'off';
  private watchId: number | null = null;
  private waiting: PositionToSend | null = null;
  /** Another one for each time it is switched on: what belongs to an earlier one has no say any more. */
  private run = 0;
  private isSending = false;

  constructor(private readonly parts: SharingParts) {}

  start(): void {
    const { geolocation, isSecure } = this.parts;
    if (isSharing(this.state)) {
      return;
    }
    if (!isSecure || geolocation === undefined) {
      this.setState(isSecure ? 'missing' : 'insecure');
      return;
    }
    const run = ++this.run;
    this.setState('locating');
    this.watchId = geolocation.watchPosition(
      position => run === this.run && this.take(position),
      error => run === this.run && this.fail(error),
      { enableHighAccuracy: true, maximumAge: 5_000 });
  }

  stop(): void {
    if (isSharing(this.state)) {
      this.end('stopped');
    }
  }

  private take({ coords, timestamp }: GeolocationPosition): void {
    const { latitude: lat, longitude: lng, accuracy, speed, heading } = coords;
    this.parts.onPlace({ lat, lng });
    this.waiting = {
      lat, lng, accuracy, timestamp: Math.round(serverTime(timestamp)),
      ...(isNumber(speed) && { speed }),
      ...(isNumber(heading) && { heading }),
    };
    if (!this.isSending) {
      void this.sendWaiting(this.run);
    }
  }

  private fail(error: GeolocationPositionError): void {
    if (error.code === permissionDenied) {
      this.end('denied');
    } else {
      this.setState('lost');
    }
  }

  /** One after the other, always the newest; what could not be sent is sent again unless there is a newer one. */
  private async sendWaiting(run: number): Promise<void> {
    this.isSending = true;
    while (this.waiting !== null && run === this.run) {
      const next = this.waiting;
      this.waiting = null;
      const state = await this.parts.send(next).then(
        (): SharingState => 'on',
        (error: unknown): SharingState => error instanceof SendError && !error.isTemporary ? 'refused' : 'unsent');
      if (run !== this.run) {
        break;
      }
      if (state === 'refused') {
        this.end('refused');
        break;
      }
      this.setState(state);
      if (state === 'unsent') {
        this.waiting ??= next;
      }
      await new Promise(resolve => setTimeout(resolve, pauseMs));
    }
    this.isSending = false;
    // Switched on again while the last of an earlier time was on its way.
    if (this.waiting !== null && run !== this.run) {
      void this.sendWaiting(this.run);
    }
  }

  private end(state: SharingState): void {
    this.run++;
    if (this.watchId !== null) {
      this.parts.geolocation?.clearWatch(this.watchId);
      this.watchId = null;
    }
    this.waiting = null;
    this.parts.onPlace(null);
    this.setState(state);
  }

  private setState(state: SharingState): void {
    if (this.state !== state) {
      this.state = state;
      this.parts.onState(state);
    }
  }
}

const isNumber = (value: number | null): value is number => typeof value === 'number' && Number.isFinite(value);
