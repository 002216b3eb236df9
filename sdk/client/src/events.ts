/** How far a request has come. */
export type RequestStatus =
  | 'pending' | 'assigned' | 'en_route' | 'arrived' | 'in_progress' | 'completed' | 'cancelled';

/** Where the operator or the customer was at one moment. */
export interface LocationUpdate {
  /** Degrees north. */
  readonly lat: number;
  /** Degrees east. */
  readonly lng: number;
  /** Fix time, milliseconds since 1970. */
  readonly timestamp: number;
  /** m/s over ground. */
  readonly speed?: number;
  /** Degrees from true north. */
  readonly heading?: number;
  /** Metres. */
  readonly accuracy?: number;
  /** Its number in the stream; absent when it comes from a snapshot. */
  readonly seq?: number;
}

/** A change of the request's status. */
export interface StatusUpdate {
  readonly status: RequestStatus;
  /** The one before; absent when the status comes from a snapshot. */
  readonly previous?: RequestStatus;
  /** When, milliseconds since 1970. */
  readonly at: number;
  /** Who changed it. */
  readonly by: string;
  /** Its number in the stream; absent when it comes from a snapshot. */
  readonly seq?: number;
}

/** Whether the operator's device is connected. */
export interface PresenceUpdate {
  readonly state: 'online' | 'offline';
  /** Since when, milliseconds since 1970. */
  readonly since: number;
  /** Its number in the stream; absent when it comes from a snapshot. */
  readonly seq?: number;
}

/** When the operator arrives; only while the request is en route. */
export interface EtaUpdate {
  /** Seconds from `computedAt` to the arrival. */
  readonly etaSeconds: number;
  /** The arrival, milliseconds since 1970: a countdown counts down to it. */
  readonly etaAt: number;
  /** Metres still to drive. */
  readonly distanceMeters: number;
  /** Seconds from `computedAt` that one drive in ten stays below. */
  readonly low: number;
  /** Seconds from `computedAt` that one drive in ten exceeds. */
  readonly high: number;
  /** What said so: `history`, `recent`, `osrm` or `valhalla`. */
  readonly source: string;
  /** When, milliseconds since 1970. */
  readonly computedAt: number;
  /** The threshold in seconds that was passed with this event; each comes once. */
  readonly threshold?: number;
  /** Seconds later than what was said first, when that is a delay. */
  readonly delayedSeconds?: number;
  /** Its number in the stream; absent when it comes from a snapshot. */
  readonly seq?: number;
}

/** The live events of a request, by their names on the wire. */
export interface LiveEvents {
  'operator:location': LocationUpdate;
  'customer:location': LocationUpdate;
  'request:status:updated': StatusUpdate;
  'operator:presence': PresenceUpdate;
  'request:eta': EtaUpdate;
}

export type LiveEventName = keyof LiveEvents;

export const liveEventNames: readonly LiveEventName[] =
  ['operator:location', 'customer:location', 'request:status:updated', 'operator:presence', 'request:eta'];

/** One live event with its name. */
export type LiveEvent = { [N in LiveEventName]: { readonly name: N; readonly data: LiveEvents[N] } }[LiveEventName];

/** What `join:request` answers. */
export interface JoinResult {
  /** Where the stream stands: `epoch:sequence`. */
  readonly cursor: string;
  readonly snapshot: {
    readonly status?: unknown;
    readonly operator?: unknown;
    readonly customer?: unknown;
    readonly presence?: unknown;
    readonly eta?: unknown;
  };
  /** Events after the cursor that was given, oldest first. */
  readonly missed: readonly { readonly name: string; readonly seq: number; readonly data: unknown }[];
  /** Whether `missed` closes the gap completely. */
  readonly recovered: boolean;
}

/** Whether nothing can follow this status. */
export const isFinal = (status: RequestStatus): boolean => status === 'completed' || status === 'cancelled';

/** Whether the operator's position is the customer's to see. */
export const showsOperator = (status: RequestStatus): boolean => status !== 'pending' && !isFinal(status);

const statuses: ReadonlySet<unknown> = new Set<RequestStatus>(
  ['pending', 'assigned', 'en_route', 'arrived', 'in_progress', 'completed', 'cancelled']);

/** Reads what came from the network; null when it is not a location. */
export function readLocation(value: unknown, seq?: number): LocationUpdate | null {
  const { lat, lng, timestamp, speed, heading, accuracy } = (value ?? {}) as Record<string, unknown>;
  if (!isNumber(lat) || !isNumber(lng) || !isNumber(timestamp)) {
    return null;
  }
  return Object.freeze({
    lat, lng, timestamp,
    ...(isNumber(speed) && { speed }),
    ...(isNumber(heading) && { heading }),
    ...(isNumber(accuracy) && { accuracy }),
    ...(isNumber(seq) && { seq }),
  });
}

/** Reads what came from the network; null when it is not a status. */
export function readStatus(value: unknown, seq?: number): StatusUpdate | null {
  const { status, previous, at, by } = (value ?? {}) as Record<string, unknown>;
  if (!isStatus(status) || !isNumber(at)) {
    return null;
  }
  return Object.freeze({
    status, at, by: typeof by === 'string' ? by : '',
    ...(isStatus(previous) && { previous }),
    ...(isNumber(seq) && { seq }),
  });
}

/** Reads what came from the network; null when it is not a presence. */
export function readPresence(value: unknown, seq?: number): PresenceUpdate | null {
  const { state, since } = (value ?? {}) as Record<string, unknown>;
  if ((state !== 'online' && state !== 'offline') || !isNumber(since)) {
    return null;
  }
  return Object.freeze({ state, since, ...(isNumber(seq) && { seq }) });
}

/** Reads what came from the network; null when it is not an ETA. */
export function readEta(value: unknown, seq?: number): EtaUpdate | null {
  const { etaSeconds, etaAt, distanceMeters, low, high, source, computedAt, threshold, delayedSeconds } =
    (value ?? {}) as Record<string, unknown>;
  if (!isNumber(etaSeconds) || !isNumber(etaAt) || !isNumber(distanceMeters) || !isNumber(low) || !isNumber(high)
    || !isNumber(computedAt)) {
    return null;
  }
  return Object.freeze({
    etaSeconds, etaAt, distanceMeters, low, high, source: typeof source === 'string' ? source : '', computedAt,
    ...(isNumber(threshold) && { threshold }),
    ...(isNumber(delayedSeconds) && { delayedSeconds }),
    ...(isNumber(seq) && { seq }),
  });
}

const isNumber = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value);
const isStatus = (value: unknown): value is RequestStatus => statuses.has(value);
