/** How a device is doing, as GET /api/device-health tells. */
export interface Device {
  readonly deviceId: string;
  readonly name: string | null;
  readonly isEnabled: boolean;
  readonly tenant: string;
  readonly presence: 'online' | 'offline' | 'unknown';
  readonly since: string | null;
  readonly clientId: string | null;
  readonly address: string | null;
  readonly protocol: string | null;
  readonly agent: string | null;
  readonly fixTime: string | null;
  readonly receivedAt: string | null;
  readonly lagSeconds: number | null;
  readonly lat: number | null;
  readonly lng: number | null;
  readonly battery: number | null;
  readonly positionsPerMinute: number;
}

/** A page of them. */
export interface DevicePage {
  readonly items: readonly Device[];
  readonly next: string | null;
  readonly counts: DeviceCounts | null;
}

/** How many there are, in which condition. */
export interface DeviceCounts {
  readonly all: number;
  readonly online: number;
  readonly silent: number;
  readonly disabled: number;
  readonly lowBattery: number;
}

/** What happened to one in a period, as GET /api/device-health/{deviceId} tells. */
export interface Timeline {
  readonly device: Device;
  readonly entries: readonly Entry[];
  readonly parts: readonly Part[];
}

export interface Entry {
  readonly at: string;
  readonly kind: 'connected' | 'disconnected' | 'refused' | 'dead_letter';
  readonly reason: string;
  readonly detail: string;
}

export interface Part {
  readonly from: string;
  readonly positions: number;
  readonly maxSpeed: number | null;
  readonly battery: number | null;
  readonly maxLag: number;
}

/** Which of them are listed. */
export type Condition = '' | 'online' | 'silent' | 'disabled' | 'low_battery';

export const conditions: readonly Condition[] = ['', 'online', 'silent', 'disabled', 'low_battery'];

const silentMs = 15 * 60_000;
export const lowBattery = 20;

/** How a value is to be looked at. */
export type Tone = 'is-good' | 'is-warn' | 'is-bad' | '';

/** In one word, the worst first; the same limits as the server's lists have. */
export function stateOf(device: Device, now: number): { readonly word: 'disabled' | 'online' | 'silent' | 'offline' | 'never'; readonly tone: Tone } {
  if (!device.isEnabled) {
    return { word: 'disabled', tone: 'is-bad' };
  }
  if (device.presence === 'online') {
    return { word: 'online', tone: 'is-good' };
  }
  if (device.receivedAt === null) {
    return { word: device.presence === 'unknown' ? 'never' : 'offline', tone: '' };
  }
  return now - Date.parse(device.receivedAt) > silentMs ? { word: 'silent', tone: 'is-warn' } : { word: 'offline', tone: '' };
}

/** What GET /api/device-health is asked with. */
export function listPath(condition: Condition, search: string, after: string | null): string {
  const query = new URLSearchParams({
    ...(condition !== '' && { state: condition }), ...(search !== '' && { search }), ...(after !== null && { after }),
  }).toString();
  return `/api/device-health${query === '' ? '' : `?${query}`}`;
}
